export const id=415,ids=[415],modules={44415:((N,c,t)=>{t.d(c,{reviewPage:()=>S});var f=t(77598),i=t(64915),h=t(56474),g=t(48022);const u=/<(?!\/?(?:details|summary|br|sub|b)>)/g;function p(e){return String(b.parse(e))}const b=new g.Dz({gfm:!0,async:!1},{renderer:{html:({text:e})=>e.replaceAll(u,"&lt;"),blockquote({tokens:e}){const n=this.parser.parse(e),[a,r]=/^<p>\[!(WARNING|NOTE)\]\s*/.exec(n)??[];return r===void 0||a===void 0?`<blockquote>${n}</blockquote>
`:`<blockquote class="${r.toLowerCase()}"><p>${n.slice(a.length)}</blockquote>
`},image:({text:e})=>d(e),link({href:e,tokens:n}){const a=this.parser.parseInline(n);return e.startsWith("https://")?`<a href="${d(e)}" rel="noreferrer">${a}</a>`:a}}});function d(e){return e.replaceAll(/[&<>"']/g,n=>v[n]??n)}const v={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"};var s=t(86467),k=t(94719),l=t(29939),w=t(42017),x=t(41257),y=t(67085);const $=2e3;function S(e){const n=e.phases.findLast(({review:o})=>o!==void 0);if(n?.review===void 0)return;const{checks:a=[],review:r}=n,E=(0,s.qN)(`# ${(0,s.Qq)(e.headline)}`,e.failure&&(0,h.A5)(e.failure),...e.warnings.map(o=>`> [!WARNING]
> ${(0,l.CS)(o)}`),(0,w.m)(r,e.links,$),a.length>0&&`#### Checks

${(0,i.P)(a)}

${(0,i.E)(a)}`,e.whereabouts.length>0&&`#### Where visitors are

${(0,y.Ek)(e.whereabouts)}`,e.nextSwaps&&e.nextSwaps.length>0&&(0,k.u)(e.nextSwaps),e.timeline&&`#### The deployment so far

${e.timeline}`,e.sight&&(0,x.JW)(e.sight),...e.notes.map(o=>`> [!NOTE]
> ${(0,l.CS)(o)}`));return O(`${e.app}: to decide`,p(E))}function O(e,n){return`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${A}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><title>${d(e)}</title><style>${m}</style></head>
<body><main>
${n}</main></body></html>
`}const m=`
:root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --soft: light-dark(#f6f8fa, #151b23); --link: light-dark(#0969da, #4493f8); }
body { margin: 0; background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #f0f6fc); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; line-height: 1.3; }
h3, h4 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
a { color: var(--link); }
code, pre { font: .85em ui-monospace, monospace; background: var(--soft); border-radius: 4px; }
code { padding: .15em .35em; overflow-wrap: break-word; }
pre { padding: .75rem; overflow-x: auto; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
table { display: block; overflow-x: auto; border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--soft); }
blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: 4px solid var(--line); }
.warning { border-color: light-dark(#9a6700, #d29922); background: light-dark(#fff8c5, #272115); }
.note { border-color: var(--link); }
@media (max-width: 40rem) { body { font-size: 15px; } th, td { padding: .3rem .4rem; } td code { overflow-wrap: anywhere; } }
@media print { body { font-size: 11px; } table { display: table; } }
`,A=(0,f.createHash)("sha256").update(m).digest("base64")})};
