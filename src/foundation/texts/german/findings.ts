import { ageInWords } from '../spans.ts'
import type { Duration } from '../../kernel/time.ts'
import type { findings as english, FindingWords } from '../english/findings.ts'

const age = (span: Duration): string => ageInWords('de', span)

/** The formatter is made at each call: making one at the start would take longer than the rest of this file. */
function megabytes(bytes: number): string {
  const digits = new Intl.NumberFormat('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  return `${digits.format(bytes / 1_000_000)} MB`
}

function hours(span: Duration): string {
  const whole = Math.floor(span / 3_600_000)
  if (whole === 0) return 'weniger als einer Stunde'
  return whole === 1 ? '1 Stunde' : `${whole} Stunden`
}

const CHECKPOINT_FIX =
  'Der Server hält es fest, während er läuft und wenn er endet. Prüfen Sie, ob der Datenordner beschreibbar ist.'
const invitedToo = (more: number): string =>
  more > 0 ? ` Nicht mitgezählt: ${more} Eingeladene, die ihn einrichten, wenn sie kommen.` : ''
const waitingAdmins = (more: number): string => (more > 0 ? ` ${more} weiteren fehlt noch der zweite Schritt.` : '')
const seconds = (span: Duration): string => (Math.abs(span) / 1000).toFixed(1).replace('.', ',')
const JUMP_FIX =
  'Wenn niemand die Uhr gestellt hat und die Maschine nicht im Ruhezustand war, prüfen Sie ihre automatische Zeit (NTP). Einträge von damals können eine falsche Zeit tragen.'

export const findings: Record<keyof typeof english, FindingWords> = {
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
  'clock.own': { sentence: () => 'Server und Datenbank haben dieselbe Uhr.' },
  'clock.agrees': {
    sentence: ({ span }) => `Die Uhren von Server und Datenbank stimmen auf ${seconds(span)} Sekunden überein.`,
  },
  'clock.differs': {
    sentence: ({ span }) => `Die Uhren von Server und Datenbank weichen um ${seconds(span)} Sekunden voneinander ab.`,
    fix: () =>
      'Schalten Sie auf beiden Maschinen die automatische Zeit (NTP) ein; ob ein Code stimmt, hängt von der Uhr ab.',
  },
  'clock-jumps.none': { sentence: () => 'Die Uhr des Servers ist in den letzten 30 Tagen nicht gesprungen.' },
  'clock-jumps.ahead': {
    sentence: ({ span, ago }) =>
      `Die Uhr des Servers ist vorgesprungen. Größe des Sprungs: ${age(span)}. Seitdem vergangen: ${age(ago)}.`,
    fix: () => JUMP_FIX,
  },
  'clock-jumps.back': {
    sentence: ({ span, ago }) =>
      `Die Uhr des Servers ist zurückgesprungen. Größe des Sprungs: ${age(span)}. Seitdem vergangen: ${age(ago)}.`,
    fix: () => JUMP_FIX,
  },
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
    fix: () =>
      'Machen Sie noch jemanden zum Admin, damit niemand ausgesperrt ist, wenn eine Person ihr Telefon verliert.',
  },
  'admins.none': {
    sentence: ({ more }) => `Kein Admin ist handlungsfähig.${waitingAdmins(more)}`,
    fix: ({ command }) => `Rufen Sie auf dem Server ${command} auf und öffnen Sie den Link, den er zeigt.`,
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
      `Ein Ereignis des Protokolls wartet zu lange darauf, verkettet zu werden; Dauer: ${age(span)}.`,
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
  'jobs.well': { sentence: () => 'Alle Hintergrundaufgaben laufen wie vorgesehen.' },
  'jobs.failing': {
    sentence: ({ job, count }) =>
      `Die Hintergrundaufgabe ${job} ist ${count === 1 ? 'einmal' : `${count}-mal hintereinander`} misslungen; der Server versucht es weiter.`,
    fix: ({ command }) =>
      `Rufen Sie auf dem Server ${command} auf, um den Grund zu sehen. Das Log des Servers sagt mehr.`,
  },
  'jobs.overdue': {
    sentence: ({ job, span }) => `Die Hintergrundaufgabe ${job} ist überfällig; Dauer: ${age(span)}.`,
    fix: () =>
      'Aufgaben laufen, während der Server läuft. Läuft er, prüfen Sie seine Uhr und in seinem Log, was die Aufgabe aufhält.',
  },
}
