/** A step of the wheel or of a key makes it so much larger. */
const STEP = 1.2;
/** Of the drawing's own size, the least and the most. */
const [LEAST, MOST] = [0.2, 4];
/** At this size its names can be read. */
const LEGIBLE = 0.7;
/** An arrow key moves it so far, in pixels. */
const STRIDE = 60;
/** A pointer that moved less has clicked, in pixels. */
const CLICK = 4;

/** Lets a person move and zoom the drawing in a frame that scrolls: by pointer, by wheel and by keys. */
export function panZoom(frame: HTMLElement): void {
  const svg = frame.querySelector("svg")!;
  const { width, height } = svg.viewBox.baseVal;
  const whole = (): number => Math.min(1, frame.clientWidth / width);
  let scale = 1;
  let from: { readonly x: number; readonly y: number } | undefined;
  let moved = 0;

  /** Zooms around a place of the frame, which stays where it is. */
  function zoom(to: number, x = frame.clientWidth / 2, y = frame.clientHeight / 2): void {
    const next = Math.min(MOST, Math.max(LEAST, to));
    const grown = next / scale;
    const [left, top] = [(frame.scrollLeft + x) * grown - x, (frame.scrollTop + y) * grown - y];
    scale = next;
    svg.style.width = `${scale * width}px`;
    svg.style.height = `${scale * height}px`;
    frame.scrollTo({ left, top, behavior: "instant" });
  }

  const KEYS: Readonly<Record<string, () => void>> = {
    "+": () => zoom(scale * STEP),
    "=": () => zoom(scale * STEP),
    "-": () => zoom(scale / STEP),
    "0": () => zoom(whole()),
    ArrowLeft: () => frame.scrollBy(-STRIDE, 0),
    ArrowRight: () => frame.scrollBy(STRIDE, 0),
    ArrowUp: () => frame.scrollBy(0, -STRIDE),
    ArrowDown: () => frame.scrollBy(0, STRIDE),
  };
  // Its names can just be read, and its beginning is in sight.
  zoom(Math.max(whole(), LEGIBLE), 0, 0);
  frame.scrollTo(0, (svg.getBoundingClientRect().height - frame.clientHeight) / 2);
  frame.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  // A pinch comes as a wheel with Ctrl; without, the wheel scrolls as everywhere.
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    zoom(scale * STEP ** (-Math.sign(event.deltaY)), event.clientX - box.x, event.clientY - box.y);
  }, { passive: false });
  frame.addEventListener("pointerdown", ({ button, pointerType, clientX: x, clientY: y }) => {
    // A finger scrolls by itself.
    if (button !== 0 || pointerType !== "mouse") return;
    from = { x, y };
    moved = 0;
  });
  addEventListener("pointermove", ({ clientX: x, clientY: y }) => {
    if (from === undefined) return;
    moved += Math.abs(x - from.x) + Math.abs(y - from.y);
    frame.scrollBy(from.x - x, from.y - y);
    from = { x, y };
  });
  addEventListener("pointerup", () => from = undefined);
  frame.addEventListener("dragstart", (event) => event.preventDefault());
  frame.addEventListener("click", (event) => {
    if (moved > CLICK) event.preventDefault();
    moved = 0;
  }, { capture: true });
}

/** Makes the graphs of a page move, and opens the target that a link leads to. */
export function startGraphs(document: Document): void {
  for (const frame of document.querySelectorAll<HTMLElement>(".dag")) panZoom(frame);
  const open = (): void => {
    const named = document.getElementById(location.hash.slice(1));
    if (named?.tagName === "DETAILS") {
      (named as HTMLDetailsElement).open = true;
      named.scrollIntoView();
    }
  };
  addEventListener("hashchange", open);
  open();
}
