export { instrument } from './instrument.ts';
export type { Instrumented, InstrumentOptions } from './instrument.ts';
export { InstrumentError } from './instrument-error.ts';
export type { SourcePlace } from './instrument-error.ts';
export type { SourceMap } from './output.ts';
export type { Point, PointKind } from './points.ts';
