import { readParquet } from "../responses/read_parquet.ts";
import { indexResponses } from "../responses/index_responses.ts";
import { filterItems } from "../responses/filter_items.ts";
import { headline, headlineOfLoadings, HEADLINES } from "./headline.ts";
import { fitLoadings } from "./fit_loadings.ts";
import { oneSkillTable, permutedTable, raschModel } from "./controls.ts";
import { BASE, VARIANTS } from "./variant.ts";
import { withoutEachSubject, jackknifeError } from "./resample.ts";
import { multiverse } from "./multiverse.ts";
const FILE="/work/shared/data/mmlupro_responses.parquet";
let s=performance.now(); const lap=(n:string)=>{const e=performance.now();console.log(n,(e-s).toFixed(0));s=e;};
const all = indexResponses(await readParquet(await Deno.readFile(FILE), FILE), FILE).responses;
const {responses:t}=filterItems(all,BASE); lap("read");
const d5={...BASE,nFactors:5};
const stats=(x:number[])=>{const m=x.reduce((a,b)=>a+b)/x.length; const sd=Math.sqrt(x.reduce((a,b)=>a+(b-m)**2,0)/(x.length-1)); return `${m.toFixed(4)} sd ${sd.toFixed(4)} (${Math.min(...x).toFixed(4)}–${Math.max(...x).toFixed(4)})`;};
const model=raschModel(t); lap("rasch");
for (const [n,table] of [["real",t],["one",oneSkillTable(t,model,"0")],["none",permutedTable(t,"0")]] as const) {
  const f=await fitLoadings(table,d5); const r=[];
  for(let i=0;i<24;i++) r.push(await headlineOfLoadings(f,{...d5,poolSeed:`${i}`}));
  console.log(n,"peak",stats(r.map(x=>x.peakMisalignment)),"transp",stats(r.map(x=>x.transparency)),"k*.01",stats(r.map(x=>x.kStarSlow)), "erm", stats(r.map(x=>x.erm)), f.converged, f.highestLeverage.toFixed(2)); lap(n);
}
const j=[]; for (const part of withoutEachSubject(all)) j.push(await headline(part,BASE)); lap("jackknife");
for (const h of HEADLINES) console.log(h, stats(j.map(x=>x[h])), "jse", jackknifeError(j.map(x=>x[h])).toFixed(4));
const m=await multiverse(all,BASE,VARIANTS); lap(`multiverse ${VARIANTS.length}`);
for (const o of m) console.log(o.name.padEnd(24), o.numbers?HEADLINES.map(h=>o.numbers![h].toPrecision(3)).join(" "):"-", o.remarks.join("; "));
