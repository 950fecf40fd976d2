/** Values of a curve in a second. */
export const valuesPerSecond = 100;
/** Natural-log mel magnitude per decibel: ln(10) / 20. */
const perDecibel = Math.LN10 / 20;

/** Ends of the scale, dB. */
export const silence = -100;
export const loudest = 17;

export const toDecibels = (energy: number): number => energy / perDecibel;

/** Time of a value, s, without the noise of floating point. */
export const rounded = (seconds: number): number => Math.round(seconds * 100) / 100;
