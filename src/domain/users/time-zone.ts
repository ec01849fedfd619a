/** Returns the time zone if `Intl` lists it, else null: browsers may know others, and a program may send anything. */
export function listedTimeZone(name: string): string | null {
  return name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name) ? name : null
}
