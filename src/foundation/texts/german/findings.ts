import { CLOCK_JUMPS_KEPT } from '#foundation/kernel/stated-limits.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import type { findings as english, FindingWords } from '../english/findings.ts'
import { ageInWords } from '../spans.ts'
import { statedDative } from './stated.ts'
import { counted } from './user-questions.ts'

const age = (span: Duration): string => ageInWords('de', span)
/** The same after “vor”. */
const ageDative = (span: Duration): string => age(span).replace(/\bTage\b/, 'Tagen')

/** The formatter is made at each call: making one at the start would take longer than the rest of this file. */
function megabytes(bytes: number): string {
  const digits = new Intl.NumberFormat('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  return `${digits.format(bytes / 1_000_000)} MB`
}

const invitedToo = (more: number): string =>
  more > 0
    ? ` ${counted(more, 'eingeladene Person richtet', 'eingeladene Personen richten')} ihn beim ersten Anmelden ein.`
    : ''
const waitingAdmins = (more: number): string =>
  more > 0 ? ` ${more} ${more === 1 ? 'weiterem' : 'weiteren'} fehlt noch der zweite Schritt.` : ''
const seconds = (span: Duration): string => (Math.abs(span) / 1000).toFixed(1).replace('.', ',')
const SECOND_ADMIN = 'Fügen Sie einen zweiten hinzu, damit ein verlorenes Telefon nicht alle aussperrt.'
const JUMP_FIX =
  'Wenn niemand die Uhr gestellt hat und die Maschine nicht im Ruhezustand war, prüfen Sie ihre automatische Zeit (NTP). Einträge von damals können eine falsche Zeit tragen.'

export const findings: Record<keyof typeof english, FindingWords> = {
  'address.https': {
    sentence: ({ url }) => `Der Server ist unter ${url} über HTTPS erreichbar.`,
  },
  'address.local': {
    sentence: ({ url }) => `Der Server ist unter ${url} erreichbar, nur auf dieser Maschine.`,
  },
  'address.plain': {
    sentence: ({ url }) =>
      `Der Server ist unter ${url} unverschlüsselt erreichbar. Wer im Netz mitliest, sieht Passwörter und Codes.`,
    fix: () => 'Stellen Sie einen Reverse Proxy mit HTTPS davor und setzen Sie public_url auf dessen Adresse.',
  },
  'reached.here': { sentence: ({ url }) => `Sie haben die öffentliche Adresse geöffnet, ${url}.` },
  'reached.elsewhere': {
    sentence: ({ url, otherUrl }) => `Sie haben ${otherUrl} geöffnet, aber Links und Cookies gelten für ${url}.`,
    fix: ({ otherUrl }) =>
      `Öffnen Sie die öffentliche Adresse, oder setzen Sie public_url (DOORWARD_PUBLIC_URL) auf ${otherUrl}.`,
  },
  'proxy.none': { sentence: ({ ipAddress }) => `Kein Proxy. Ihre Adresse ist ${ipAddress}.` },
  'proxy.believed': {
    sentence: ({ ipAddress }) => `Dem Proxy wird vertraut. Er nennt als Ihre Adresse ${ipAddress}.`,
  },
  'proxy.unbelieved': {
    sentence: ({ ipAddress }) =>
      `Dem Proxy unter ${ipAddress} wird nicht vertraut. Deshalb scheinen alle von einer Adresse zu kommen.`,
    fix: ({ ipAddress }) => `Wenn das Ihr Proxy ist, setzen Sie trusted_proxies auf ${ipAddress}.`,
  },
  'proxy.silent': {
    sentence: ({ ipAddress }) =>
      `Der HTTPS-Proxy gibt die Adressen der Clients nicht weiter: Alle erscheinen als ${ipAddress}.`,
    fix: () => 'Lassen Sie den Proxy X-Forwarded-For senden, und nennen Sie ihn in trusted_proxies.',
  },
  'clock.own': { sentence: () => 'Server und Datenbank haben dieselbe Uhr.' },
  'clock.agrees': {
    sentence: ({ span }) => `Die Uhren von Server und Datenbank stimmen auf ${seconds(span)} Sekunden überein.`,
  },
  'clock.differs': {
    sentence: ({ span }) => `Die Uhren von Server und Datenbank weichen um ${seconds(span)} Sekunden voneinander ab.`,
    fix: () => 'Schalten Sie auf beiden Maschinen die automatische Zeit (NTP) ein. Davon hängen Codes ab.',
  },
  'clock-jumps.none': {
    sentence: () => `Die Uhr des Servers ist in den letzten ${statedDative.span(CLOCK_JUMPS_KEPT)} nicht gesprungen.`,
  },
  'clock-jumps.ahead': {
    sentence: ({ span, ago }) => `Die Uhr des Servers ist vor ${ageDative(ago)} um ${age(span)} vorgesprungen.`,
    fix: () => JUMP_FIX,
  },
  'clock-jumps.back': {
    sentence: ({ span, ago }) => `Die Uhr des Servers ist vor ${ageDative(ago)} um ${age(span)} zurückgesprungen.`,
    fix: () => JUMP_FIX,
  },
  'database.size': {
    sentence: ({ engine, bytes }) => `${engine}, ${megabytes(bytes)}.`,
  },
  'database.unprepared': {
    sentence: ({ engine, bytes }) =>
      `${engine}, ${megabytes(bytes)}. Ein Verbindungs-Pooler davor verliert vorbereitete Anweisungen. Deshalb plant die Datenbank jede Abfrage neu.`,
    fix: () =>
      'Stellen Sie den Pooler so ein, dass er sie verfolgt (PgBouncer: max_prepared_statements = 200), und starten Sie Doorward neu.',
  },
  'database.files': {
    sentence: ({ engine, bytes, logBytes }) =>
      `${engine}, ${megabytes(bytes)} (Write-ahead-Log ${megabytes(logBytes)}).`,
  },
  'database.long-log': {
    sentence: ({ bytes, logBytes }) =>
      `Das Write-ahead-Log braucht ${megabytes(logBytes)}, neben ${megabytes(bytes)} Datenbank.`,
    fix: () => 'Beenden Sie andere Programme, die die Datenbank verwenden. Dann schrumpft das Log von selbst.',
  },
  'database.damaged': {
    sentence: () => 'Die Datenbankdatei ist beschädigt: Seiten darin widersprechen einander.',
    fix: () =>
      'Halten Sie den Server an, behalten Sie eine Kopie der Datei, prüfen Sie den Datenträger und spielen Sie die letzte Sicherung ein.',
  },
  'keyring.file': {
    sentence: ({ count }) => `Die ${count} geheimen Schlüssel kann nur der Benutzer des Servers lesen.`,
  },
  'keyring.given': { sentence: ({ count }) => `Die ${count} geheimen Schlüssel kommen aus der Konfiguration.` },
  'signing-keys.unreadable': {
    sentence: ({ count }) =>
      `${counted(count, 'Signaturschlüssel', 'Signaturschlüssel')} von ID-Token ${count === 1 ? 'lässt' : 'lassen'} sich mit den Schlüsseln des Servers nicht öffnen.`,
    fix: ({ span }) =>
      `Die nächste Anmeldung bei einer App ersetzt sie. Danach können Apps Anmeldungen bis zu ${statedDative.span(span)} lang ablehnen.`,
  },
  'apps.without-pkce': {
    sentence: ({ count, apps }) =>
      `${counted(count, 'App meldet', 'Apps melden')} Benutzer ohne PKCE an: ${apps}. Ein gestohlener Code wäre dort mehr wert.`,
    fix: () =>
      'Schalten Sie PKCE in der App ein, falls sie das kann, und verlangen Sie es danach auf der Seite der App.',
  },
  'apps.over-http': {
    sentence: ({ count, apps }) =>
      `${counted(count, 'App darf', 'Apps dürfen')} Antworten innerhalb Ihres Netzes ohne TLS bekommen: ${apps}.`,
    fix: () =>
      'Geben Sie der App ein Zertifikat, ändern Sie ihre Weiterleitungs-URIs auf https und verbieten Sie http auf der Seite der App.',
  },
  'admins.several': { sentence: ({ count }) => `Es gibt ${count} aktive Admins.` },
  'admins.one': {
    sentence: ({ more }) => `Es gibt nur einen ${more > 0 ? 'aktiven Admin' : 'Admin'}.${waitingAdmins(more)}`,
    fix: () => SECOND_ADMIN,
  },
  'admins.you': {
    sentence: ({ more }) => `Sie sind der einzige ${more > 0 ? 'aktive Admin' : 'Admin'}.${waitingAdmins(more)}`,
    fix: () => SECOND_ADMIN,
  },
  'admins.none': {
    sentence: ({ more }) => `Es gibt keinen aktiven Admin.${waitingAdmins(more)}`,
    fix: ({ command }) => `Öffnen Sie den Link, den dieser Befehl auf dem Server zeigt: ${command}`,
  },
  'second-steps.all': {
    sentence: ({ more }) => `Alle, die beigetreten sind, haben einen zweiten Schritt.${invitedToo(more)}`,
  },
  'second-steps.missing': {
    sentence: ({ count, more }) =>
      `${count === 1 ? '1 Person hat' : `${count} Personen haben`} noch keinen zweiten Schritt.${invitedToo(more)}`,
    fix: () => 'Erinnern Sie daran, oder schicken Sie eine neue Einladung.',
  },
  'policies.possible': { sentence: () => 'Jede Richtlinie lässt sich an dieser Adresse erfüllen.' },
  'registration.unknown-groups': {
    sentence: ({ groups }) => `Wer sich registriert, soll Gruppen beitreten, die es nicht gibt: ${groups}.`,
    fix: () =>
      'Legen Sie die Gruppen an oder berichtigen Sie registration_groups. Bis dahin registrieren sich alle ohne sie.',
  },
  'policies.passkeys-only': {
    sentence: ({ count, policies, url }) =>
      `${count === 1 ? 'Eine Richtlinie erlaubt' : 'Einige Richtlinien erlauben'} nur Passkeys (${policies}), aber unter ${url} können Browser keine Passkeys anlegen. Wer keinen hat, kann sich nicht anmelden.`,
    fix: () =>
      'Setzen Sie public_url auf eine HTTPS-Adresse mit Domainnamen, oder lassen Sie die Richtlinie auch Authenticator-Apps erlauben.',
  },
  'attributes.free': { sentence: () => 'Kein Attribut hat einen reservierten Schlüssel.' },
  'attributes.reserved': {
    sentence: ({ columns }) =>
      `Das Attribut ${columns} hat einen Schlüssel, der für Claims reserviert ist. Apps können seine Werte deshalb nicht erhalten.`,
    fix: ({ command }) =>
      `Programme und Listen verwenden den neuen Schlüssel, sobald Sie es auf seiner Seite umbenennen, oder auf dem Server: ${command}`,
  },
  'password-hash.strong': {
    sentence: () => 'Passwörter werden mit den derzeit empfohlenen Einstellungen gehasht.',
  },
  'password-hash.weak': {
    sentence: () => 'Das Passwort-Hashing ist schwächer als empfohlen.',
    fix: () => 'Erhöhen Sie hash_memory und hash_passes, oder lassen Sie beide in der Konfiguration weg.',
  },
  'old-password-hashes.none': { sentence: () => 'Kein Passwort hat einen älteren Hash.' },
  'old-password-hashes.some': {
    sentence: ({ count }) => `${counted(count, 'Passwort hat', 'Passwörter haben')} einen älteren Hash.`,
    fix: () => 'Nichts zu tun. Jedes wird bei der nächsten Anmeldung erneuert.',
  },
  'code-secrets.sealed': { sentence: () => 'Alle Authenticator-Geheimnisse sind verschlüsselt.' },
  'code-secrets.plain': {
    sentence: ({ count }) =>
      `${counted(count, 'Authenticator-Geheimnis ist', 'Authenticator-Geheimnisse sind')} im Klartext gespeichert.`,
    fix: () =>
      'Nichts zu tun, solange der Server läuft: Er verschlüsselt sie im Hintergrund. Was bleibt, ist nicht lesbar. Die Benutzer stehen in dieser Liste.',
  },
  'version.current': {
    sentence: ({ version, node, schema }) => `Doorward ${version} auf Node ${node}, mit Schema ${schema}.`,
  },
  'version.behind': {
    sentence: ({ version, schema }) =>
      `Doorward ${version} läuft auf Schema ${schema}, das eine neuere Version angelegt hat.`,
    fix: () => 'Starten Sie die neuere Version auf jedem Knoten.',
  },
  'jobs.well': { sentence: () => 'Alle Hintergrundaufgaben laufen nach Plan.' },
  'jobs.failing': {
    sentence: ({ job, count }) =>
      `Die Hintergrundaufgabe ${job} ist ${count === 1 ? 'einmal' : `${count}-mal hintereinander`} misslungen. Der Server versucht es weiter.`,
    fix: ({ command }) => `Das Log des Servers sagt mehr. Den Grund zeigt auf dem Server: ${command}`,
  },
  'jobs.overdue': {
    sentence: ({ job, span }) => `Die Hintergrundaufgabe ${job} ist überfällig. Verspätung: ${age(span)}.`,
    fix: () =>
      'Aufgaben laufen, während der Server läuft. Wenn er läuft, prüfen Sie seine Uhr und in seinem Log, was die Aufgabe aufhält.',
  },
}
