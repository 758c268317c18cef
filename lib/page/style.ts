import { colorOfK, COLORS } from "../figure/kit/theme.ts";

/** Dark colours of charts, and others for them where it is dark: inverted, they would be white. */
const DARK_COLOURS: readonly (readonly [light: string, before: string])[] = [
  [COLORS.accent, "#7a6ae8"],
  [colorOfK(100), "#7a6ae8"],
  [colorOfK(20), "#c86eaa"],
];
const inDark = DARK_COLOURS.flatMap(([light, before]) =>
  ["stroke", "fill"].map((part) =>
    `.canvas:not(.light) svg [${part}="${light}"]{${part}:${before}}`
  )
).join("");

/** The page's style: one column of text, figures a little wider, light and dark, and print. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fdfcf9;--ink:#1d1d1f;--soft:#5a5a60;--rule:#dedad2;--panel:#f4f1ea;
--accent:#3b0f83;--link:#3b0f83;--warn-bg:#fdeeda;--warn:#7a3e00;--bad:#a3210d;--good:#0b5d55}
@media screen and (prefers-color-scheme:dark){:root{--paper:#16161a;--ink:#ececf0;--soft:#a9a9b4;--rule:#34343c;--panel:#1f1f26;
--accent:#c3a6ff;--link:#c3a6ff;--warn-bg:#3a2a12;--warn:#ffd08a;--bad:#ff9a86;--good:#6fd6c8}
.canvas svg{filter:invert(.9) hue-rotate(180deg) brightness(1.45)}${inDark}.canvas.light{margin-block:.9rem 1.2rem}.canvas.light svg{filter:none;background:#fdfcf9!important;box-shadow:0 0 0 .5rem #fdfcf9;border-radius:.2rem}.dag svg{filter:invert(.92) hue-rotate(180deg)}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1.125rem/1.62 Charter,"Bitstream Charter","Iowan Old Style",
"Palatino Linotype",Georgia,serif}
main{display:grid;grid-template-columns:minmax(1rem,1fr) minmax(0,42rem) minmax(1rem,1fr);padding-bottom:5rem}
main>*,main>section>*{min-width:0}
header,section{display:grid;grid-template-columns:subgrid;grid-column:1/-1}
header>*,section>*{grid-column:2}
@media (min-width:64rem){figure,.twin,.pair,.dag,.run-table{margin-inline:-7rem!important}.twin figure,.pair figure{margin-inline:0!important}}
h1,h2,h3,nav,button,select,input,output,figcaption,.kicker,.control,.choice,.banner,summary,table,.files,.keys,#status{
font-family:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif}
.kicker{margin:4.5rem 0 0;color:var(--soft);font-size:.85rem;letter-spacing:.08em;text-transform:uppercase}
h1{font-size:clamp(2rem,6vw,3.1rem);line-height:1.1;letter-spacing:-.022em;margin:.4rem 0 0;text-wrap:balance}
.lead{font-size:1.3rem;line-height:1.5;color:var(--soft);margin:1rem 0}
h2{font-size:1.65rem;letter-spacing:-.012em;line-height:1.2;margin:4.5rem 0 .3rem;padding-top:1.2rem;border-top:1px solid var(--rule)}
h3{font-size:1.05rem;margin:2rem 0 .3rem}
p{margin:.7rem 0}
.banner{background:var(--warn-bg);color:var(--warn);padding:.75rem 1rem;border-radius:.5rem;font-size:.95rem;line-height:1.45}.banner.data{background:var(--panel);color:var(--ink)}
.how{color:var(--soft)}
.simulated{background:var(--warn-bg);color:var(--warn);border-radius:.25rem;padding:.08em .4em;font-size:.92em;white-space:nowrap}
nav{grid-column:1/-1;align-items:center;padding-inline:max(1rem,calc(50% - 21rem))!important;position:sticky;top:0;z-index:2;background:var(--paper);display:flex;gap:1.1rem;overflow-x:auto;white-space:nowrap;
padding:.7rem 0;font-size:.88rem;border-bottom:1px solid var(--rule);margin-top:1.5rem;scrollbar-width:none}
section{scroll-margin-top:2rem}
a{color:var(--link);text-underline-offset:.18em}
#reset{margin-left:auto;position:sticky;right:0;padding:.15rem .6rem;font-size:.82rem}#reset:disabled{visibility:hidden}nav a{text-decoration:none;color:var(--soft)}nav a:hover{color:var(--link);text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
output[data-n],#d{white-space:nowrap;font-family:inherit;font-variant-numeric:tabular-nums;font-weight:600;color:var(--accent)}
.eq{white-space:nowrap}math{font-size:1.06em}code{font-size:.86em}pre code{font-size:1em}sub,sup{line-height:0}
.formula{overflow-x:auto;margin:1rem 0;padding:.2rem 0}
figure{margin:1.4rem 0;min-width:0}
figure.live{background:var(--panel);border:1px solid var(--rule);border-radius:.75rem;padding:1rem}
.canvas svg{display:block;width:100%;height:auto;overflow:visible;max-width:none;font-family:inherit!important;background:none!important}
.canvas{font-family:system-ui,-apple-system,"Segoe UI",Arial,sans-serif}
.canvas .narrow{display:none}.canvas .narrow svg{max-width:27rem;margin:auto}
@media (max-width:38rem){.canvas .wide{display:none}.canvas .narrow{display:block}main{grid-template-columns:1rem minmax(0,1fr) 1rem}
body{font-size:1.06rem}.kicker{margin-top:2.2rem}h2{margin-top:3rem}figure.live{margin-inline:-.5rem;padding:.8rem .6rem}}
.live .canvas{transition:opacity .12s}
.stale .canvas{opacity:.4}
[data-live=map] .canvas svg{cursor:crosshair}
figcaption{font-size:.86rem;line-height:1.5;color:var(--soft);margin-top:.7rem;overflow-wrap:anywhere}
figcaption b{color:var(--ink)}
.files{white-space:nowrap;font-size:.95em}
.panel{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:.35rem 1.6rem;margin-bottom:.8rem}
.control{display:grid;grid-template-columns:1fr 5.2rem;gap:.1rem .7rem;align-items:center;font-size:.86rem;line-height:1.3}
.control .name,.control label{grid-column:1/-1;color:var(--soft)}.control i{color:var(--ink);font-family:Georgia,serif}
input[type=range]{width:100%;accent-color:var(--accent);min-height:1.75rem;margin:0}
input[type=number],select{font-size:.86rem;color:inherit;background:var(--paper);border:1px solid var(--rule);border-radius:.35rem;
padding:.3rem .4rem;width:100%;min-height:1.75rem;font-variant-numeric:tabular-nums}
input[aria-invalid=true]{border-color:var(--bad)}
.choice{font-size:.86rem;color:var(--soft);display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .6rem}.choice select{width:auto;max-width:100%}
.file input{max-width:100%;font-size:.82rem;min-width:0}
::file-selector-button{font:inherit;margin-right:.6rem;padding:.3rem .7rem;border:1px solid var(--rule);border-radius:.4rem;background:var(--paper);color:var(--ink);cursor:pointer}
button{font-size:.88rem;padding:.4rem .8rem;border:1px solid var(--rule);border-radius:.4rem;background:var(--panel);color:var(--ink);
cursor:pointer;justify-self:start}
figcaption button{font-size:.82rem;padding:.15rem .5rem;background:var(--paper)}
button.link,figcaption button.link{border:0;background:none;padding:0;font:inherit;color:var(--link);text-decoration:underline;text-underline-offset:.18em}
.note{background:var(--panel);border:1px solid var(--rule);border-radius:.5rem;padding:.75rem 1rem;font-size:.98rem}
a.go{display:inline-block;background:var(--accent);color:var(--paper);padding:.55rem 1.1rem;border-radius:.4rem;text-decoration:none;font-weight:600;
font-family:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif}
[hidden]{display:none!important}.calm{color:var(--soft)!important}#error{color:var(--bad)}#warnings{font-size:.9rem;color:var(--soft)}#warnings:empty{display:none}
button:disabled{color:var(--soft);cursor:default}
#status:empty{display:none}#status,#dropped{color:var(--bad);font-size:.9rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 2.5rem}
.twin{margin:1.5rem 0}
summary{cursor:pointer;font-size:.95rem;color:var(--link)}
.dag{overflow:auto;border:1px solid var(--rule);border-radius:.75rem;background:var(--panel);max-height:34rem;padding:.5rem;margin:1.5rem 0}
.dag{cursor:grab}.dag:active{cursor:grabbing}.dag svg{display:block;max-width:none}.dag svg>rect{fill:none}.keys{font-size:.85rem}
.gantt svg{display:block;font:12px system-ui,sans-serif}.gantt text{fill:var(--ink)}.gantt .soft{fill:var(--soft);font-size:11px}
.gantt .row{fill:none;pointer-events:all}.gantt a:hover .row,.gantt a:focus .row{fill:var(--panel)}.gantt .bar{fill:var(--accent)}
.gantt path{stroke:var(--rule)}.gantt .break{stroke:var(--soft);stroke-dasharray:3 3}
dl{display:grid;grid-template-columns:5rem minmax(0,1fr);gap:.15rem 1rem;font-size:.88rem;margin:.5rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.dag a:hover rect{stroke-width:2.5}
.targets details{border-bottom:1px solid var(--rule);padding:.35rem 0;scroll-margin-top:4rem;font-size:.92rem}
.targets details:target{background:var(--panel)}
.targets pre,pre{overflow-x:auto;font-size:.78rem;line-height:1.45;background:var(--panel);padding:.7rem;border-radius:.4rem}
.run-table{overflow-x:auto}
table{border-collapse:collapse;font-size:.86rem;line-height:1.4;width:100%}
td,th{text-align:left;vertical-align:top;padding:.45rem .7rem .45rem 0;border-bottom:1px solid var(--rule)}
td.holds{color:var(--good);font-weight:600}td.fails{color:var(--bad);font-weight:600}td:first-child{white-space:nowrap}
.by-table tbody th{font-weight:400}.shown{color:var(--soft);font-weight:400;white-space:nowrap}
@media (max-width:40rem){.by-table th{display:block}.by-table td::before{content:attr(data-table) ": ";color:var(--soft);font-weight:400}.run-table thead{position:absolute;left:-99rem}.run-table tr,.run-table td{display:block;padding-inline:0;border:0}.run-table tr{border-bottom:1px solid var(--rule);padding-block:.6rem}.run-table td{padding-block:.1rem}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}.live .canvas{transition:none}}
@page{margin:17mm 15mm}
@media print{:root{color-scheme:light}nav,button,.panel,.keys,#file,figure#drop{display:none!important}body{font-size:10.5pt;background:#fff;color:#000}
main,header,section{display:block}main{padding:0}figure,tr{break-inside:avoid}h2,h3{break-after:avoid}h2{margin-top:2rem}.kicker{margin-top:0}figure.live{background:none}
.pair{grid-template-columns:1fr 1fr;gap:0 1.5rem}.dag{max-height:none;overflow:visible}.dag svg,.gantt svg{width:100%!important;height:auto!important}
.run-table{overflow:visible}.targets details:not([open]){border:0;padding:0}a{color:inherit}}
`;
