// Which browser on which system, from what a client says of itself (`User-Agent`, RFC 9110 §10.1.5). Good enough for a
// person to know their own devices again; nothing is decided by it.

export interface Device {
  readonly browser: string | undefined
  readonly system: string | undefined
}

/** In this order: most browsers also name those whose pages they want to be given. */
const BROWSERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|OPT|OPX|Opera)\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bYaBrowser\//, 'Yandex Browser'],
  [/\b(?:DuckDuckGo|Ddg)\//, 'DuckDuckGo'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
]

/** In this order: Android also says Linux, an iPhone also says Mac OS X. */
const SYSTEMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\biPad\b/, 'iPadOS'],
  [/\b(?:iPhone|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\b(?:Macintosh|Mac OS X)\b/, 'macOS'],
  [/\b(?:Free|Open|Net)BSD\b/, 'BSD'],
  [/\b(?:Linux|X11)\b/, 'Linux'],
]

/** A program that gives its name and version first, such as `curl/8.5.0`; browsers all begin with `Mozilla`. */
const PROGRAM = /^(?!Mozilla\/)([A-Za-z][\w.-]{0,31})\/v?\d/

/** Longer than any browser's; a client may send as much as a header holds. */
const LONGEST_READ = 512

export function deviceOf(agent: string | null): Device {
  const told = agent?.slice(0, LONGEST_READ) ?? ''
  return { browser: firstIn(BROWSERS, told) ?? PROGRAM.exec(told)?.[1], system: firstIn(SYSTEMS, told) }
}

/** The same in the form that is the same in every language, such as `Firefox, Linux`; empty where nothing is known. */
export function deviceWords(agent: string | null): string {
  const { browser, system } = deviceOf(agent)
  return [browser, system].filter((word) => word !== undefined).join(', ')
}

function firstIn(known: typeof BROWSERS, agent: string): string | undefined {
  return known.find(([pattern]) => pattern.test(agent))?.[1]
}
