// Which scripts a username may combine: the level "moderately restrictive" of UTS 39 §5.2, against look-alike names.

/** Scripts of UAX 31 table 5 that may stand beside Latin; Cyrillic and Greek may not, because their letters look like Latin ones. */
const BESIDE_LATIN: readonly (readonly string[])[] = [
  // Writing systems of several scripts (UTS 39 §5.1): Japanese, Chinese with Bopomofo, Korean.
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Bopomofo'],
  ['Han', 'Hangul'],
  ...'Arabic Armenian Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew Kannada Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan'
    .split(' ')
    .map((script) => [script]),
]

/** Cyrillic, Greek, and the scripts of limited use (UAX 31 table 7), which must not be combined with another script. */
const ALONE: readonly (readonly string[])[] =
  'Cyrillic Greek Adlam Balinese Bamum Batak Canadian_Aboriginal Chakma Cham Cherokee Hanifi_Rohingya Javanese Kayah_Li Lepcha Limbu Lisu Mandaic Meetei_Mayek Miao Mongolian New_Tai_Lue Newa Nko Nyiakeng_Puachue_Hmong Ol_Chiki Osage Saurashtra Sundanese Syloti_Nagri Syriac Tai_Le Tai_Tham Tai_Viet Tifinagh Vai Wancho Yi'
    .split(' ')
    .map((script) => [script])

/** Digits, punctuation, symbols and marks of every script. */
const ANYWHERE = String.raw`\p{Script_Extensions=Common}\p{Script_Extensions=Inherited}`
const classOf = (scripts: readonly string[]): string =>
  scripts.map((script) => String.raw`\p{Script_Extensions=${script}}`).join('')

const ONLY_LATIN = onlyOf(['Latin'])
/** Compiled for the first name with other letters than Latin ones: all of them take 10 ms, which a start without such names need not wait. */
let patterns: { readonly allowed: readonly RegExp[]; readonly onlyHistoric: RegExp } | undefined

function compile() {
  const allowed = [...BESIDE_LATIN.map((scripts) => onlyOf(['Latin', ...scripts])), ...ALONE.map(onlyOf)]
  // Historic scripts: characters of none of the scripts above. A combination of them resembles no name of a script in use.
  const others = classOf(['Latin', ...[...BESIDE_LATIN, ...ALONE].flat()])
  return { allowed, onlyHistoric: new RegExp(`^[^${others}]*$`, 'u') }
}

function onlyOf(scripts: readonly string[]): RegExp {
  return new RegExp(`^[${ANYWHERE}${classOf(scripts)}]*$`, 'u')
}

/**
 * Whether a name combines scripts that UTS 39 does not allow together, as `rооt` with two Cyrillic letters. Checks the NFKC form, in
 * which names are compared, so that a styled letter counts as its plain form.
 */
export function mixesScripts(name: string): boolean {
  const text = name.normalize('NFKC')
  if (ONLY_LATIN.test(text)) return false
  const { allowed, onlyHistoric } = (patterns ??= compile())
  return !allowed.some((pattern) => pattern.test(text)) && !onlyHistoric.test(text)
}
