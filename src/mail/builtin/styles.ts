// How the built-in mails look. Inline, because some mail programs drop the style block; that block then only betters it.

const font = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const mono = "font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Courier New',monospace";
const text = 'color:#1f2933';
const muted = 'color:#56616d';
const line = 'border-top:1px solid #e1e6eb';
const wraps = 'overflow-wrap:anywhere;word-break:break-word';

const badge = `display:inline-block;padding:4px 12px;border-radius:12px;${font};font-size:14px;line-height:1.4;font-weight:600;color:#ffffff;${wraps}`;
/** Of a word in a narrow column. */
const whole = 'overflow-wrap:normal;word-break:normal';

export const styles = {
  page: 'margin:0;padding:0;background-color:#f2f4f7;-webkit-text-size-adjust:100%',
  outer: 'background-color:#f2f4f7;table-layout:fixed',
  margin: 'padding:24px 12px',
  card: 'max-width:600px;margin:0 auto;background-color:#ffffff;border:1px solid #e1e6eb;border-radius:8px;border-collapse:separate;table-layout:fixed',
  inner: 'padding:28px 32px 24px',
  heading: `margin:0 0 16px;${font};font-size:22px;line-height:1.3;font-weight:600;${text};${wraps}`,
  paragraph: `margin:0 0 16px;${font};font-size:16px;line-height:1.5;${text};${wraps}`,
  note: `margin:0 0 16px;${font};font-size:14px;line-height:1.5;${muted};${wraps}`,
  inline: 'unicode-bidi:isolate',
  details: 'margin:4px 0 20px;border-collapse:collapse;table-layout:fixed',
  label: `width:36%;padding:9px 12px 9px 0;${line};${font};font-size:14px;line-height:1.5;vertical-align:top;text-align:left;${muted};${wraps}`,
  valueCell: `padding:9px 0;${line};vertical-align:top;${wraps}`,
  value: `${font};font-size:16px;line-height:1.4;${text};unicode-bidi:isolate`,
  code: `${mono};font-size:16px;line-height:1.5;display:inline-block;max-width:100%;box-sizing:border-box;padding:1px 6px;background-color:#eef1f5;border-radius:4px;white-space:pre-wrap;unicode-bidi:isolate;${text}`,
  steps: `margin:0 0 16px;padding:0 0 0 24px;${font};font-size:16px;line-height:1.5;${text};${wraps}`,
  step: 'margin:0 0 8px',
  buttonBox: 'margin:4px 0 16px',
  button: 'border-radius:6px;background-color:#1d4ed8',
  buttonLink: `display:inline-block;padding:14px 28px;${font};font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:6px`,
  link: 'color:#1d4ed8;word-break:break-all',
  /** Font and wrapping are inherited: in each cell they would be a third of a long mail. */
  list: `margin:4px 0 20px;border-collapse:collapse;${font};${wraps}`,
  columnHead: `${whole};padding:8px 12px 8px 0;vertical-align:bottom;font-size:13px;line-height:1.4;font-weight:600;${muted}`,
  numberHead: `${whole};padding:8px 0;vertical-align:bottom;font-size:13px;line-height:1.4;font-weight:600;${muted}`,
  cell: `padding:10px 12px 10px 0;${line};font-size:15px;line-height:1.4;vertical-align:top;${text}`,
  shortCell: `padding:10px 12px 10px 0;${line};font-size:15px;line-height:1.4;vertical-align:top;white-space:nowrap;${text}`,
  numberCell: `padding:10px 0;${line};font-size:15px;line-height:1.4;vertical-align:top;white-space:nowrap;${text}`,
  listLink: 'color:#1d4ed8',
  badgeLine: 'margin:0 0 16px',
  alarm: `${badge};background-color:#b42318`,
  calm: `${badge};background-color:#18794e`,
  pairName: `width:36%;padding:6px 12px 6px 0;${line};${font};font-size:14px;line-height:1.4;vertical-align:top;${muted};${wraps}`,
  pairValue: `padding:6px 0;${line};${font};font-size:14px;line-height:1.4;vertical-align:top;${text};${wraps}`,
  lineCell: `padding:0 0 8px;font-size:14px;line-height:1.4;text-align:start;${muted}`,
  below: `font-size:13px;${muted}`,
  footer: `max-width:600px;margin:16px auto 0;padding:0 8px;${font};font-size:12px;line-height:1.5;text-align:center;${muted};${wraps}`,
} as const;

/** `!important`, because it must win over the inline styles. */
export const stylesheet = `:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .margin { padding: 12px 8px !important; }
  .inner { padding: 20px 16px 12px !important; }
  .details, .details tbody, .details tr, .details td { display: block !important; width: auto !important; }
  .details .label { padding: 10px 0 0 !important; }
  .details .value { padding: 2px 0 10px !important; border-top: 0 !important; }
  .list td { font-size: 14px !important; }
  .button-box { width: 100% !important; }
  a.button { display: block !important; text-align: center !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background-color: #11151a !important; }
  .card { background-color: #1a2028 !important; border-color: #2c3540 !important; }
  .line { border-color: #2c3540 !important; }
  .text { color: #e7ebf0 !important; }
  .muted, .label { color: #a4afbb !important; }
  .code { color: #ffffff !important; background-color: #2c3540 !important; }
  .button { background-color: #2e5fe8 !important; color: #ffffff !important; }
  .link { color: #8fb3ff !important; }
}`;
