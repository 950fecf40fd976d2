import { svg, type TemplateResult } from "lit";

const icon = (path: string, fill = "none"): TemplateResult =>
  svg`<svg viewBox="0 0 16 16" aria-hidden="true"><path d=${path} fill=${fill}></path></svg>`;

export const icons = {
  play: icon("M4 2.5v11l9-5.5z", "currentColor"),
  pause: icon("M5 3v10M11 3v10"),
  back: icon("M11 3.5 5.5 8l5.5 4.5zM3.5 3.5v9"),
  forward: icon("M5 3.5 10.5 8 5 12.5zM12.5 3.5v9"),
  loop: icon("M4 5.5h7a2.5 2.5 0 0 1 0 5H5M6.5 3 4 5.5 6.5 8M7.5 8.5 5 10.5 7.5 13"),
  zoomIn: icon("M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.5 10.5 14 14M5 7h4M7 5v4"),
  zoomOut: icon("M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.5 10.5 14 14M5 7h4"),
  fit: icon("M2 8h12M2 8l3-3M2 8l3 3M14 8l-3-3M14 8l-3 3"),
  remove: icon("M4 4l8 8M12 4l-8 8"),
};
