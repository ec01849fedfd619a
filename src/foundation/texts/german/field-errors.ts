import type { Texts } from '../english.ts'

export const fieldErrors: Texts['fieldErrors'] = {
  'field.missing': () => 'Diese Angabe wird gebraucht.',
  'field.unknown': () => 'Ein solches Feld gibt es hier nicht.',
  'field.type': ({ wanted }) => `Hierher gehört ${kindsOf(String(wanted))}.`,
  'field.too_short': ({ minimum }) =>
    minimum === 1 ? 'Das darf nicht leer sein.' : `Nehmen Sie mindestens ${minimum} Zeichen.`,
  'field.too_long': ({ maximum }) => `Nehmen Sie höchstens ${maximum} Zeichen.`,
  'field.too_few': ({ minimum }) => `Geben Sie mindestens ${minimum} an.`,
  'field.too_many': ({ maximum }) => `Geben Sie höchstens ${maximum} an.`,
  'field.range': ({ comparison, limit }) =>
    `Hierher gehört eine Zahl ${COMPARISONS[String(comparison)] ?? 'nahe'} ${limit}.`,
  'field.choice': ({ choices }) => `Hierher gehört eines von: ${choices}.`,
  'field.format': ({ format }) => `Hierher gehört ${FORMATS[String(format)] ?? `das Format „${format}“`}.`,
  'field.characters': () => 'Hier steht ein Zeichen, das in einem Text nicht vorkommen kann.',
  'field.repeated': () => 'Geben Sie das einmal an.',
  'field.file': () => 'Eine Datei kann hier nicht gelesen werden.',
  'field.cursor': () => 'Diese Stelle der Liste gibt es nicht. Beginnen Sie auf der ersten Seite.',
  'user.username_empty': () => 'Geben Sie einen Benutzernamen ein.',
  'user.username_too_long': ({ maximum }) => `Nehmen Sie höchstens ${maximum ?? 64} Zeichen.`,
  'user.username_characters': () =>
    'Ein Benutzername hat kein @, keine Leerzeichen am Anfang oder Ende, keine zwei hintereinander und nichts Unsichtbares.',
  'user.username_mixed_scripts': () =>
    'Nehmen Sie Buchstaben eines Alphabets. Dieser Benutzername mischt mehrere, etwa lateinische und kyrillische, die gleich aussehen.',
  'user.username_taken': () => 'Jemand anders hat diesen Benutzernamen.',
  'user.email_malformed': () => 'Geben Sie eine E-Mail-Adresse wie ada@example.org ein.',
  'user.email_too_long': ({ maximum }) => `Nehmen Sie höchstens ${maximum ?? 254} Zeichen.`,
  'user.email_taken': () => 'Jemand anders hat diese E-Mail-Adresse.',
  'user.full_name_too_long': ({ maximum }) => `Nehmen Sie höchstens ${maximum ?? 200} Zeichen.`,
  'user.full_name_characters': () => 'Ein Name hat keine Steuerzeichen.',
  'api_token.expiry': () => 'Wählen Sie einen Zeitpunkt in mindestens einer Stunde und höchstens 366 Tagen.',
  'api_token.no_scope': () => 'Wählen Sie mindestens eines aus, das es darf.',
  'api_token.scope_beyond': () => 'Nicht alles davon darf das Konto selbst.',
  'password.too_short': ({ minimum }) => `Nehmen Sie mindestens ${minimum} Zeichen.`,
  'password.too_long': ({ maximum }) => `Nehmen Sie höchstens ${maximum} Zeichen.`,
  'password.own_name': () =>
    'Wählen Sie ein Passwort, das mehr ist als Ihr Name, Ihr Benutzername oder Ihre E-Mail-Adresse.',
  'password.site_name': () => 'Wählen Sie ein Passwort, das mehr ist als der Name oder die Adresse dieser Website.',
  'password.common': () => 'Dieses Passwort benutzen zu viele Menschen. Wählen Sie ein anderes.',
  'password.pattern': () => 'Wählen Sie ein Passwort, das mehr ist als ein Muster wie abcabc oder 12345678.',
  'password.breached': () =>
    'Dieses Passwort steht in einer Liste gestohlener Passwörter. Wählen Sie ein anderes, und ändern Sie es überall, wo Sie es sonst noch verwenden.',
  'password.characters': () => 'In diesem Passwort steht ein Zeichen, das nicht verwendet werden kann.',
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '>=': 'von mindestens',
  '<=': 'von höchstens',
  '>': 'über',
  '<': 'unter',
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'ein Text',
  integer: 'eine ganze Zahl',
  number: 'eine Zahl',
  boolean: 'ja oder nein',
  array: 'eine Liste',
  object: 'eine Gruppe von Angaben',
  'one of the documented shapes': 'eine der dokumentierten Formen',
}

const FORMATS: Readonly<Record<string, string>> = {
  'language tag': 'ein Sprachkürzel wie de-AT',
  'IANA time zone': 'eine IANA-Zeitzone wie Europe/Berlin',
  'date-time': 'ein Zeitpunkt wie 2030-01-31T12:00:00Z',
  date: 'ein Datum wie 2030-01-31',
  uri: 'eine Webadresse',
  'ip-network': 'eine Adresse wie 192.0.2.7 oder ein Netz wie 192.0.2.0/24',
  documented: 'die dokumentierte Schreibweise',
}

function kindsOf(wanted: string): string {
  return wanted
    .split(' or ')
    .map((kind) => KINDS[kind] ?? kind)
    .join(' oder ')
}
