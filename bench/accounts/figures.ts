// What keeping accounts took.

export interface AccountFigures {
  readonly accounts: number;
  readonly cpuMs: number;
  /** Of the heap, after a collection: what keeping them takes. */
  readonly heapMb: number;
  /** Of the whole process, at its highest: what listing them took. */
  readonly peakRssMb: number;
}
