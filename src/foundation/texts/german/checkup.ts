// What the server finds about itself. The page, the API and the command line say it from here.
import { ageInWords } from '../spans.ts'
import type { Duration } from '../../kernel/time.ts'
import type { checkup as englishCheckup } from '../english/checkup.ts'
import type { FindingFacts } from '../english/finding.ts'
import { clockFindings } from './clock-findings.ts'
import { jobFindings } from './job-findings.ts'
import { rowFindings } from './row-findings.ts'

let decimal: Intl.NumberFormat | undefined

function withOneDigit(value: number): string {
  // Made at first use: making one takes longer than the rest of a start reads.
  decimal ??= new Intl.NumberFormat('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  return decimal.format(value)
}

const megabytes = (bytes: number): string => `${withOneDigit(bytes / 1_000_000)} MB`

function hours(span: Duration): string {
  const whole = Math.floor(span / 3_600_000)
  if (whole === 0) return 'weniger als einer Stunde'
  return whole === 1 ? '1 Stunde' : `${whole} Stunden`
}

const firstAdmin = ({ command }: FindingFacts): string =>
  `Rufen Sie auf dem Server ${command} auf und öffnen Sie den Link, den er zeigt.`
const SECOND_ADMIN =
  'Machen Sie noch jemanden zum Admin, damit niemand ausgesperrt ist, wenn eine Person ihr Telefon verliert.'
const CHECKPOINT_FIX =
  'Der Server hält es fest, während er läuft und wenn er endet. Prüfen Sie, ob der Datenordner beschreibbar ist.'
const invitedToo = (more: number): string =>
  more > 0 ? ` Nicht mitgezählt: ${more} Eingeladene, die ihn einrichten, wenn sie kommen.` : ''
const waitingAdmins = (more: number): string => (more > 0 ? ` ${more} weiteren fehlt noch der zweite Schritt.` : '')

export const checkup: typeof englishCheckup = {
  title: 'Prüfung',
  lead: 'Eine Prüfung dieses Servers. In einem Terminal auf dem Server prüft dieser Befehl dasselbe, außer dem, was nur eine Anfrage zeigt:',
  checks: {
    address: 'Öffentliche Adresse',
    reached: 'Diese Anfrage',
    proxy: 'Proxy und Ihre Adresse',
    clock: 'Uhr',
    'clock-jumps': 'Sprünge der Uhr',
    database: 'Datenbank',
    keyring: 'Schlüssel',
    admins: 'Admins',
    'second-steps': 'Zweite Schritte',
    'password-hash': 'Gespeicherte Passwörter',
    'old-password-hashes': 'Ältere Passwörter',
    'external-rows': 'Zeilen anderer Programme',
    'code-secrets': 'Code-Geheimnisse',
    jobs: 'Hintergrundaufgaben',
    'audit-chain': 'Kette des Protokolls',
    'audit-checkpoint': 'Festgehaltenes Ende des Protokolls',
    version: 'Version',
  },
  user: (id) => `Benutzer ${id}`,
  browserClock: {
    name: 'Uhr Ihres Browsers',
    shown: 'Als diese Seite entstand, zeigte die Uhr des Servers:',
    compare: 'Vergleichen Sie das mit der Uhr Ihres Geräts.',
    agrees: 'Die Uhren von Browser und Server stimmen überein.',
    ahead: (span) => `Die Uhr Ihres Browsers geht gegenüber der des Servers etwa ${span} vor.`,
    behind: (span) => `Die Uhr Ihres Browsers geht gegenüber der des Servers etwa ${span} nach.`,
    fix: 'Schalten Sie auf Ihrem Gerät die automatische Zeit ein. Geht dessen Uhr richtig, dann auf dem Server (NTP): Codes werden nach seiner Uhr beurteilt.',
  },
  levels: { ok: 'In Ordnung', note: 'Gut zu wissen', warning: 'Zu beheben', failure: 'Kaputt' },
  overall: {
    ok: 'Auf dem Server ist alles in Ordnung.',
    note: 'Auf dem Server ist alles gut; etwas ist gut zu wissen.',
    warning: 'Auf dem Server sollte etwas behoben werden.',
    failure: 'Auf dem Server ist etwas kaputt und braucht Sie jetzt.',
  },
  list: 'Jede Prüfung',
  links: {
    admins: 'Die Admins ansehen',
    withoutSecondStep: 'Ansehen, wem er fehlt',
    activity: 'Die Aktivität ansehen',
    user: 'Diesen Benutzer öffnen',
  },
  report: 'Bericht',
  reportLead:
    'Was der Server gefunden hat, als englischer Text, um jemanden um Hilfe zu bitten. Adressen sind weggelassen, und es steht kein Geheimnis darin.',
  findings: {
    'address.https': {
      sentence: ({ url }) => `Dieser Server ist unter ${url} über https erreichbar; Cookies gehen nur über https.`,
    },
    'address.local': {
      sentence: ({ url }) => `Dieser Server ist unter ${url} erreichbar, nur auf dieser Maschine.`,
    },
    'address.plain': {
      sentence: ({ url }) =>
        `Dieser Server ist unter ${url} erreichbar: wer auf dem Weg sitzt, kann Passwörter und Codes lesen.`,
      fix: () => 'Stellen Sie einen Reverse Proxy mit https davor und setzen Sie public_url auf dessen Adresse.',
    },
    'reached.here': { sentence: ({ url }) => `Ihr Browser hat ihn unter dieser Adresse erreicht, ${url}.` },
    'reached.elsewhere': {
      sentence: ({ url, otherUrl }) =>
        `Sie haben diesen Server unter ${otherUrl} erreicht; seine Links und Cookies gelten aber für ${url}.`,
      fix: ({ otherUrl }) =>
        `Öffnen Sie die öffentliche Adresse, oder setzen Sie public_url (DOORWARD_PUBLIC_URL) auf ${otherUrl}.`,
    },
    'proxy.none': { sentence: ({ address }) => `Anfragen kommen ohne Proxy; Ihre kam von ${address}.` },
    'proxy.believed': {
      sentence: ({ address }) => `Dem Proxy wird vertraut; er sagt, dass Sie von ${address} kommen.`,
    },
    'proxy.unbelieved': {
      sentence: ({ address }) =>
        `Ein Proxy unter ${address} sagt, woher Anfragen kommen, aber ihm wird nicht vertraut: alle zählen als eine Adresse.`,
      fix: ({ address }) => `Wenn das Ihr Proxy ist, setzen Sie trusted_proxies auf ${address}.`,
    },
    'proxy.silent': {
      sentence: ({ address }) => `Was https beendet, sagt nicht, woher Anfragen kommen: alle sind ${address}.`,
      fix: () => 'Lassen Sie den Proxy X-Forwarded-For senden, und nennen Sie ihn in trusted_proxies.',
    },
    ...clockFindings,
    'database.size': {
      sentence: ({ engine, bytes }) => `Die Datenbank ist ${engine} und braucht ${megabytes(bytes)}.`,
    },
    'database.unprepared': {
      sentence: ({ engine, bytes }) =>
        `Die Datenbank ist ${engine} und braucht ${megabytes(bytes)}. Ein Verbindungs-Pooler davor verliert vorbereitete Anweisungen; die Datenbank plant deshalb jede Anweisung jedes Mal neu.`,
      fix: () =>
        'Stellen Sie den Pooler so ein, dass er sie verfolgt (PgBouncer: max_prepared_statements = 200), und starten Sie Doorward neu.',
    },
    'database.files': {
      sentence: ({ engine, bytes, logBytes }) =>
        `Die Datenbank ist ${engine} und braucht ${megabytes(bytes)}, dazu ${megabytes(logBytes)} Write-ahead-Log.`,
    },
    'database.long-log': {
      sentence: ({ bytes, logBytes }) =>
        `Das Write-ahead-Log braucht ${megabytes(logBytes)}, neben ${megabytes(bytes)} Datenbank.`,
      fix: () => 'Beenden Sie andere Programme, die die Datenbank offen halten; dann wird das Log aufgenommen.',
    },
    'database.damaged': {
      sentence: () => 'Die Datenbankdatei ist beschädigt: Seiten darin widersprechen einander.',
      fix: () =>
        'Halten Sie den Server an, behalten Sie eine Kopie der Datei, prüfen Sie den Datenträger und spielen Sie die letzte Sicherung ein.',
    },
    'keyring.file': {
      sentence: ({ count }) => `${count} Schlüssel liegen im Datenordner, lesbar nur für ihren Besitzer.`,
    },
    'keyring.given': { sentence: ({ count }) => `${count} Schlüssel kommen aus der Konfiguration.` },
    'admins.several': { sentence: ({ count }) => `${count} Admins sind handlungsfähig.` },
    'admins.one': {
      sentence: ({ more }) => `Nur ein Admin ist handlungsfähig.${waitingAdmins(more)}`,
      fix: () => SECOND_ADMIN,
    },
    'admins.none': {
      sentence: ({ more }) => `Kein Admin ist handlungsfähig.${waitingAdmins(more)}`,
      fix: firstAdmin,
    },
    'second-steps.all': { sentence: ({ more }) => `Alle haben einen zweiten Schritt.${invitedToo(more)}` },
    'second-steps.missing': {
      sentence: ({ count, more }) =>
        `${count === 1 ? '1 Person hat' : `${count} Personen haben`} noch keinen zweiten Schritt.${invitedToo(more)}`,
      fix: () => 'Erinnern Sie alle ohne zweiten Schritt daran, oder schicken Sie ihnen eine neue Einladung.',
    },
    'password-hash.strong': {
      sentence: () => 'Passwörter sind mit dem heute empfohlenen Aufwand gespeichert.',
    },
    'password-hash.weak': {
      sentence: () => 'Passwörter sind mit weniger Aufwand gespeichert, als empfohlen wird.',
      fix: () => 'Erhöhen Sie hash_memory und hash_passes, oder lassen Sie beide in der Konfiguration weg.',
    },
    'old-password-hashes.none': { sentence: () => 'Kein Passwort ist mit einem älteren Verfahren gespeichert.' },
    'old-password-hashes.some': {
      sentence: ({ count }) =>
        count === 1
          ? '1 Passwort ist mit einem älteren Verfahren gespeichert.'
          : `${count} Passwörter sind mit einem älteren Verfahren gespeichert.`,
      fix: () => 'Nichts: jedes wird neu gespeichert, wenn sich die Person anmeldet.',
    },
    'code-secrets.sealed': { sentence: () => 'Jedes Code-Geheimnis ist versiegelt.' },
    'code-secrets.plain': {
      sentence: ({ count }) =>
        count === 1
          ? '1 Code-Geheimnis steht im Klartext in der Datenbank.'
          : `${count} Code-Geheimnisse stehen im Klartext in der Datenbank.`,
      fix: () =>
        'Nichts, solange der Server läuft: Er versiegelt sie im Hintergrund. Ein Geheimnis, das bleibt, ist nicht lesbar; diese Liste nennt den Benutzer.',
    },
    'audit-chain.current': { sentence: () => 'Die Kette des Protokolls ist auf dem neuesten Stand.' },
    'audit-chain.waiting': {
      sentence: ({ span }) =>
        `Ein Ereignis des Protokolls wartet zu lange darauf, verkettet zu werden; Dauer: ${ageInWords('de', span)}.`,
      fix: () => 'Der Server verkettet Ereignisse, während er läuft. Läuft er, sagt sein Log, warum es nicht ging.',
    },
    'audit-checkpoint.recent': {
      sentence: ({ span }) => `Das Ende des Protokolls wurde vor ${hours(span)} außerhalb der Datenbank festgehalten.`,
    },
    'audit-checkpoint.late': {
      sentence: ({ span }) =>
        `Das Ende des Protokolls wurde zuletzt vor ${hours(span)} außerhalb der Datenbank festgehalten.`,
      fix: () => CHECKPOINT_FIX,
    },
    'audit-checkpoint.never': {
      sentence: () => 'Das Ende des Protokolls wurde noch nicht außerhalb der Datenbank festgehalten.',
      fix: () => CHECKPOINT_FIX,
    },
    'audit-checkpoint.contradicted': {
      sentence: () =>
        'Das Protokoll passt nicht zu seinem festgehaltenen Ende: Es wurde abgeschnitten oder neu berechnet.',
      fix: ({ command }) =>
        `Rufen Sie auf dem Server ${command} auf: Es sagt, was geändert wurde und wie es nach dem Einspielen einer Sicherung weitergeht.`,
    },
    'version.current': {
      sentence: ({ version, node, schema }) => `Doorward ${version} auf Node ${node}, mit Schema ${schema}.`,
    },
    'version.behind': {
      sentence: ({ version, schema }) =>
        `Doorward ${version} läuft auf Schema ${schema}, das eine neuere Version angelegt hat.`,
      fix: () => 'Starten Sie die neuere Version auf jedem Knoten.',
    },
    ...jobFindings,
    ...rowFindings,
  },
}
