/**
 * For a phone in bright sun: black on white, large and heavy, no greys, no thin lines. At night: white on black. On paper: one page, without
 * what only a screen needs. Tested at 320 and 390 pixels and as a PDF (test/pages).
 */
export const CREW_STYLE = `
:root { color-scheme: light dark; --ink: #000; --paper: #fff; --edge: #000; --rim: #a00000; --alarm: #a00000; --on-alarm: #fff; --news: #ffe680; --on-news: #000; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #fff; --paper: #000; --edge: #9a9a9a; --rim: #fff; --alarm: #b00000; --on-alarm: #fff; --news: #4a3b00; --on-news: #fff; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 500 1.25rem/1.4 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem 1rem 2.5rem; }
h1 { font-size: clamp(1.125rem, 5.3vw, 1.5rem); line-height: 1.2; margin: 0; font-weight: 800; text-wrap: balance; }
h1 .vessel { display: block; font-size: 2.25rem; line-height: 1.1; }
.times { font-size: clamp(1.75rem, 11.4vw, 2.75rem); line-height: 1.1; font-weight: 800; margin: 0.4rem 0 0; font-variant-numeric: tabular-nums; }
.times span { white-space: nowrap; }
.length { font-size: 1.125rem; margin: 0.25rem 0 0; }
h2 { font-size: 1.375rem; line-height: 1.2; margin: 2rem 0 0.5rem; padding-top: 0.5rem; border-top: 0.2rem solid var(--edge); }
h3 { font-size: 1.125rem; line-height: 1.2; margin: 1.1rem 0 0.1rem; }
p { margin: 0 0 0.75rem; }
.alarm, .news { padding: 0.75rem 0.9rem; margin: 0 0 1rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.alarm { background: var(--alarm); color: var(--on-alarm); border: 0.2rem solid var(--rim); }
.alarm strong { display: block; font-size: 2.25rem; line-height: 1.1; letter-spacing: 0.02em; }
.alarm p, .news p { margin: 0; }
.news { background: var(--news); color: var(--on-news); border: 0.15rem solid var(--edge); margin-top: 1rem; }
.news ul { margin: 0.2rem 0 0; padding-left: 1.3rem; font-weight: 700; }
.off .times, .off .vessel { text-decoration: line-through; text-decoration-thickness: 0.2rem; }
dl { margin: 1rem 0 0; }
dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.5rem 0; border-bottom: 1px solid var(--edge); }
dt { flex: 0 0 8rem; }
dd { flex: 1 1 8rem; margin: 0; font-weight: 800; }
.missing { font-weight: 500; font-style: italic; }
.text { white-space: pre-line; }
.list { list-style: none; margin: 0; padding: 0; }
.list label { display: flex; gap: 0.9rem; align-items: flex-start; min-height: 3rem; padding: 0.6rem 0; border-bottom: 1px solid var(--edge); }
.list input { appearance: none; flex: none; width: 1.75rem; height: 1.75rem; margin: 0; border: 0.17rem solid var(--ink); border-radius: 0.2rem; background: var(--paper); color: var(--ink); display: grid; place-items: center; }
.list input:checked::after { content: "\\2713"; font-size: 1.6rem; line-height: 1; font-weight: 800; }
.list input:focus-visible { outline: 0.25rem solid var(--ink); outline-offset: 0.15rem; }
.history { margin: 0; padding: 0; list-style: none; font-size: 1.0625rem; }
.history li { padding: 0.4rem 0; border-bottom: 1px solid var(--edge); }
.history ul { list-style: disc; padding-left: 1.3rem; }
.history ul li { border: 0; padding: 0; }
footer { margin-top: 2rem; padding-top: 0.75rem; border-top: 0.2rem solid var(--edge); font-size: 1.0625rem; }
@page { margin: 10mm; }
@media print {
  :root { --ink: #000; --paper: #fff; --edge: #000; --alarm: #fff; --on-alarm: #000; --news: #fff; --on-news: #000; }
  body { font-size: 10pt; line-height: 1.25; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 13pt; }
  h1 .vessel { font-size: 18pt; }
  .times { font-size: 22pt; margin-top: 1mm; }
  p { margin: 0 0 1mm; }
  .length, .history, footer { font-size: 9pt; }
  .alarm, .news { padding: 1mm 3mm; margin: 0 0 1.5mm; }
  .alarm { border: 1mm solid #000; }
  .alarm strong { font-size: 17pt; }
  .news { margin-top: 1.5mm; }
  h2 { font-size: 12pt; margin: 2mm 0 0.5mm; padding-top: 1mm; border-top-width: 0.4mm; break-after: avoid; }
  h3 { font-size: 10.5pt; margin: 0 0 0.5mm; break-after: avoid; }
  dl { display: grid; grid-template-columns: 1fr 1fr; gap: 0 6mm; margin-top: 2mm; }
  dl div { padding: 0.8mm 0; flex-wrap: nowrap; }
  dt { flex-basis: 28mm; }
  .sections { columns: 2; column-gap: 6mm; }
  .sections section { break-inside: avoid; margin-bottom: 2.5mm; }
  .list label { min-height: 0; padding: 0.9mm 0; gap: 2.5mm; border: 0; }
  .list input { width: 4mm; height: 4mm; border-width: 0.4mm; border-radius: 0; }
  .history li { padding: 0.3mm 0; border: 0; }
  .history li:nth-child(n + 4), .screen { display: none; }
  .history ul, .history ul li { display: inline; padding: 0; }
  .history ul li::before { content: "; "; }
  .history ul li:first-child::before { content: ": "; }
  footer { margin-top: 3mm; padding-top: 1mm; border-top-width: 0.4mm; }
  footer p { margin: 0 0 0.5mm; }
}
`
