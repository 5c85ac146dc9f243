// Numbers and times as they are shown, in one place.

const THREE = new Intl.NumberFormat("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const SIGNED = new Intl.NumberFormat("en", { minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: "always" });

export function three(value: number): string {
  return THREE.format(value);
}

export function signed(value: number): string {
  return SIGNED.format(value);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
