/** The former names that `Intl` lists, with the current ones of the time zone database. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

export interface TimeZone {
  readonly name: string
  /** The former name, by which a browser may know it. */
  readonly was?: string
}

/** Returns every time zone that `Intl` knows by its current name, in the order of the names. */
export function timeZones(): TimeZone[] {
  const zones = Intl.supportedValuesOf('timeZone').map((name): TimeZone => {
    const current = RENAMED[name]
    return current === undefined ? { name } : { name: current, was: name }
  })
  return zones.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

/** Returns the part of the world in the name of a time zone, such as `Europe`. */
export function regionOf({ name }: TimeZone): string {
  return name.split('/', 1)[0] ?? name
}

/** Returns the current name of a time zone that `Intl` lists, else null: browsers may know others, and a program may send anything. */
export function listedTimeZone(name: string): string | null {
  if (name === 'UTC') return name
  return timeZones().find((zone) => zone.name === name || zone.was === name)?.name ?? null
}
