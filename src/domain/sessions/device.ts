// Reads browser and system from a client's `User-Agent` (RFC 9110 §10.1.5), so that users recognize their devices. The header can be
// forged, so no access decision depends on it.

/** The first match counts: for compatibility most browsers also name other browsers. */
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

/** The first match counts: Android also names Linux, an iPhone also names Mac OS X. */
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

/** A program whose name and version come first, such as `curl/8.5.0`; the user agents of browsers begin with `Mozilla`. */
const PROGRAM = /^(?!Mozilla\/)([A-Za-z][\w.-]{0,31})\/v?\d/

/** Longer than the user agent of any browser; limits the work for a longer one. */
const LONGEST_READ = 512

/** Returns the browser, or the name of another program, and the operating system; undefined where unknown. */
export function deviceOf(agent: string | null) {
  const text = agent?.slice(0, LONGEST_READ) ?? ''
  return { browser: firstIn(BROWSERS, text) ?? PROGRAM.exec(text)?.[1], system: firstIn(SYSTEMS, text) }
}

/** Returns both in a text without a language, such as `Firefox, Linux`; empty if neither is known. */
export function deviceWords(agent: string | null): string {
  const { browser, system } = deviceOf(agent)
  return [browser, system].filter((word) => word !== undefined).join(', ')
}

function firstIn(known: typeof BROWSERS, agent: string): string | undefined {
  return known.find(([pattern]) => pattern.test(agent))?.[1]
}
