import { EXPIRY_WARNINGS, MOST_LINES } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { stated } from './stated.ts'
import { counted } from './user-questions.ts'

export const joining: Texts['joining'] = {
  columns: {
    username: 'Benutzername, Benutzer, Anmeldename',
    email: 'E-Mail, E-Mail-Adresse, Mailadresse',
    full_name: 'Vollständiger Name, Name',
    role: 'Rolle',
    expires_at: 'Läuft ab, Ablaufdatum, Letzter Tag, Gültig bis',
    locale: 'Sprache',
    groups: 'Gruppen, Gruppe',
    attribute: 'Attribut',
  },
  delivery: {
    label: 'Einladung',
    mail: 'Per E-Mail senden',
    mailHint: 'Sie sehen den Link nicht, deshalb bestätigt die Annahme die E-Mail-Adresse.',
    link: 'Mir den Link zeigen',
    linkHint: 'Sie geben ihn selbst weiter. Die E-Mail-Adresse bleibt unbestätigt.',
  },
  language: {
    label: 'Sprache',
    ofList: 'Sprache, wo die Liste keine nennt',
    hint: 'Der Seiten und E-Mails. Sie lässt sich später ändern.',
  },
  mailed: {
    title: (username) => `Einladung für ${username}`,
    sent: 'Die Einladung ist unterwegs an',
    until: 'Ihr Link funktioniert einmal. Läuft ab:',
    again: 'Wenn sie nicht ankommt, senden Sie eine neue. Der alte Link gilt dann nicht mehr.',
  },
  mailStates: {
    queued: 'Wartet auf den Versand an',
    accepted: 'Gesendet an',
    failed: 'Der Mailserver hat sie abgelehnt für',
    dropped: 'Nicht gesendet an',
    expired: 'Nicht rechtzeitig gesendet an',
  },
  expiry: {
    label: 'Letzter Tag des Kontos (optional)',
    hint: (zone) => `Danach ist keine Anmeldung möglich (${zone}). Leer lassen, wenn es nicht ablaufen soll.`,
    fact: 'Konto läuft ab',
    never: 'Nie',
    expired: 'Abgelaufen',
    kept: 'Abgelaufen, aber noch offen: Das ist der letzte aktive Admin.',
    change: 'Ändern',
    title: 'Ablauf des Kontos',
    lead: (username) =>
      `Nach dem letzten Tag kann sich ${username} nicht mehr anmelden, und Sitzungen und API-Tokens gelten nicht mehr. Gelöscht wird nichts.`,
    notices: `Mit bestätigter E-Mail-Adresse kommt ${stated.days(EXPIRY_WARNINGS[0])} und ${stated.days(EXPIRY_WARNINGS[1])} vorher eine Nachricht. Am Ende werden die Admins benachrichtigt.`,
    noNotices: 'Dieser Server sendet keine E-Mails, deshalb kommt vorher keine Nachricht.',
    admin: 'Der letzte aktive Admin kann sich weiterhin anmelden.',
    own: 'Für Ihr eigenes Konto können Sie das nicht ändern. Ein anderer Admin kann es.',
    save: 'Speichern',
  },
  many: {
    title: 'Mehrere Benutzer einladen',
    link: 'Mehrere einladen',
    lead: 'Fügen Sie eine Liste mit einem Benutzer pro Zeile ein. Sie sehen, was jede Zeile bewirkt, bevor etwas angelegt wird.',
    label: 'Liste der Benutzer (CSV)',
    hint: `Die erste Zeile nennt die Spalten, in beliebiger Reihenfolge. Nötig ist nur der Benutzername. Höchstens ${stated.count(MOST_LINES)} Benutzer.`,
    example: 'Beispiel',
    sample: `Benutzername,E-Mail,Rolle
ada,ada@example.org,user
lin,lin@example.org,admin`,
    allColumns: 'Alle Spalten',
    columnsOf: [
      ['Benutzername', 'Für die Anmeldung. Nötig.'],
      ['E-Mail', 'Nötig, wenn Sie die Einladungen per E-Mail senden.'],
      ['Name', 'Der volle Name.'],
      ['Rolle', 'Der Name einer Rolle. Ohne Angabe: user.'],
      ['Ablaufdatum', 'Der letzte Tag des Kontos, etwa 2028-06-30.'],
      ['Sprache', 'Die Sprache der Seiten und E-Mails, etwa en oder de.'],
      ['Gruppen', 'Namen bestehender Gruppen, durch Semikolons getrennt.'],
      ['Attribut:SCHLÜSSEL', 'Der Wert des Attributs mit diesem Schlüssel.'],
    ],
    check: 'Liste prüfen',
    checked: (count) =>
      count === 0
        ? 'Keine Zeile ist brauchbar'
        : `${count} Benutzer ${count === 1 ? 'kann' : 'können'} angelegt werden`,
    checkedLead: 'Noch wurde nichts angelegt.',
    skipped: (count) => `${counted(count, 'Zeile wird', 'Zeilen werden')} übersprungen.`,
    create: (count) => `${count} Benutzer anlegen`,
    change: 'Liste ändern',
    done: (count) => (count === 0 ? 'Keine Benutzer angelegt' : `${count} Benutzer angelegt`),
    refused: (count) => `${counted(count, 'Zeile wurde', 'Zeilen wurden')} übersprungen.`,
    line: (line) => `Zeile ${line}`,
    valid: 'Wird angelegt',
    created: 'Angelegt',
    notCreated: 'Nicht angelegt',
    existing: 'Schon da',
    skippedChip: 'Übersprungen',
    mailed: 'Einladung unterwegs an',
    lines: 'Zeile für Zeile',
    report: 'Bericht als CSV',
    reportHint: 'Enthält die Links. Jeder wird nur einmal gezeigt.',
  },
}
