// What a scenario found, as a line and as JSON.

export interface Result {
  readonly scenario: string;
  readonly name: string;
  readonly unit: 'probes/s' | 'messages/s' | 'alarms/s' | 'messages' | 'ms' | 's' | 'MB' | 'requests' | 'writes';
  readonly ours: number;
  readonly peer: { readonly name: string; readonly value: number; readonly ratio: number } | undefined;
  /** The figure to reach, as a ratio to the peer; undefined where none was set. */
  readonly target: { readonly ratio: number; readonly better: 'higher' | 'lower' } | undefined;
}

export function resultLine({ name, unit, ours, peer, target }: Result): string {
  const own = `${name.padEnd(30)} ${figure(ours)} ${unit.padEnd(8)}`;
  if (!peer) return own;
  const beside = `${peer.name} ${figure(peer.value)} ${unit.padEnd(8)}  ratio ${peer.ratio.toFixed(2)}`;
  return `${own}  ${beside}${target ? `  (to reach: ${target.ratio}, ${reached(peer.ratio, target)})` : ''}`;
}

function reached(ratio: number, { ratio: wanted, better }: NonNullable<Result['target']>): string {
  const is = better === 'higher' ? ratio >= wanted : ratio <= wanted;
  return is ? 'reached' : 'not reached';
}

function figure(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0).padStart(7);
}
