import { GROUP_NAME_MAXIMUM, MOST_ADDED } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'
import { stated } from './stated.ts'

export const groups: Texts['groups'] = {
  title: 'Gruppen',
  lead: 'Gruppen fassen Benutzer für Richtlinien und andere Apps zusammen. Eine Gruppe gibt keine Berechtigungen.',
  new: 'Neue Gruppe',
  search: 'Name',
  searchHint: 'Gruppen suchen',
  found: (query) => `Gruppen mit „${query}“ im Namen:`,
  noMatches: (query) => `Keine Gruppe passt zu „${query}“`,
  clearSearch: 'Suche aufheben',
  table: 'Gruppen mit der Zahl ihrer Mitglieder',
  none: {
    title: 'Noch keine Gruppen',
    text: 'Mit Gruppen gilt eine Richtlinie oder eine App nur für einige Personen. Berechtigungen gibt eine Gruppe keine.',
  },
  columns: { name: 'Name', description: 'Beschreibung', members: 'Mitglieder' },
  done: { deleted: 'Gruppe gelöscht.' },
  listed: (name) => `Mitglieder von ${name}.`,
  listedUnknown: (name) => `Es gibt keine Gruppe „${name}“.`,
  listAll: 'Benutzer aller Gruppen zeigen',
  form: {
    name: 'Name',
    nameHint: `Eindeutig, Groß- und Kleinschreibung egal. Bis zu ${GROUP_NAME_MAXIMUM} Zeichen, keine Semikolons.`,
    description: 'Beschreibung (optional)',
    descriptionHint: 'Wozu die Gruppe dient, in einer Zeile.',
    create: 'Gruppe anlegen',
    editTitle: (name) => `${name} bearbeiten`,
  },
  one: {
    details: 'Angaben',
    created: 'Angelegt',
    policies: 'Richtlinien',
    noPolicies: 'Keine Richtlinie verwendet diese Gruppe.',
    policiesHint: `Eine Richtlinie verwendet diese Gruppe. Bis sie endet, lässt sich die Gruppe nicht löschen, und zum Entfernen von Mitgliedern ist die Berechtigung ${quoted(permissionNames['policy:write'])} nötig.`,
    edit: 'Bearbeiten',
    done: {
      created: 'Gruppe angelegt.',
      saved: 'Gespeichert.',
      removed: 'Aus der Gruppe entfernt.',
      dismissed: 'Diese Person verwaltet die Gruppe nicht mehr.',
    },
    changed: {
      added: (name, group) => `${name} zu ${group} hinzugefügt.`,
      addedMany: (count, group) => `${count} Mitglieder zu ${group} hinzugefügt.`,
      appointed: (name) => `${name} verwaltet jetzt diese Gruppe.`,
    },
    delete: 'Gruppe löschen',
    deleteLead: 'Ihre Mitglieder bleiben Benutzer.',
  },
  members: {
    title: 'Mitglieder',
    heading: (count) => `Mitglieder (${count})`,
    table: 'Mitglieder der Gruppe',
    none: 'Noch keine Mitglieder.',
    noneFound: 'Keine Mitglieder gefunden.',
    search: 'Anfang eines Benutzernamens',
    searchHint: 'Mitglieder suchen',
    username: 'Benutzername',
    fullName: 'Vollständiger Name',
    actions: 'Aktionen',
    remove: 'Entfernen',
    removeWho: (username) => `${username} entfernen`,
    inList: 'In der Benutzerliste zeigen',
    addTitle: 'Mitglieder hinzufügen',
    addLabel: 'Benutzernamen oder E-Mail-Adressen',
    addHint: `Einer pro Zeile oder durch Kommas getrennt. Bis zu ${stated.count(MOST_ADDED)} auf einmal.`,
    addHintOfManager:
      'Einer pro Zeile oder durch Kommas getrennt, genau geschrieben. E-Mail-Adressen müssen bestätigt sein.',
    add: 'Mitglieder hinzufügen',
  },
  report: {
    title: (count, group) => `${count === 1 ? '1 Mitglied' : `${count || 'Keine'} Mitglieder`} zu ${group} hinzugefügt`,
    skipped: (count) => (count === 1 ? '1 Eintrag wurde übersprungen.' : `${count} Einträge wurden übersprungen.`),
    added: 'Hinzugefügt',
    unchanged: 'Schon Mitglied',
    refused: 'Übersprungen',
    waiting: 'Wartet',
  },
  managers: {
    title: 'Verwalter',
    lead: 'Verwalter fügen auf ihrer eigenen Kontoseite Mitglieder hinzu und entfernen sie. Weitere Rechte haben sie nicht.',
    none: 'Keine Verwalter. Nur Admins ändern die Mitglieder.',
    label: 'Benutzername oder E-Mail',
    add: 'Verwalter hinzufügen',
    remove: 'Entfernen',
    removeWho: (username) => `${username} als Verwalter entfernen`,
  },
  deletion: {
    title: 'Gruppe löschen',
    question: (name) => `${name} löschen?`,
    consequences: (members) => [
      membersLeave(members),
      'Ihre Verwalter verwalten sie nicht mehr.',
      'Apps, die Gruppen lesen, sehen sie nicht mehr.',
    ],
    impossible: (name) => `${name} lässt sich nicht löschen`,
    named: 'Richtlinien verwenden diese Gruppe. Beenden oder ändern Sie diese zuerst:',
    showPolicies: 'Richtlinien anzeigen',
    submit: 'Gruppe löschen',
    cancel: 'Abbrechen',
  },
  ofUser: {
    title: 'Gruppen',
    none: 'In keiner Gruppe.',
    label: 'Gruppe',
    add: 'In Gruppe aufnehmen',
    remove: 'Entfernen',
    removeFrom: (name) => `Aus ${name} entfernen`,
    done: { 'group-added': 'In die Gruppe aufgenommen.', 'group-removed': 'Aus der Gruppe entfernt.' },
  },
  own: {
    title: 'Gruppen',
    lead: 'Gruppen, in denen Sie sind oder die Sie verwalten.',
    none: { title: 'Sie sind in keiner Gruppe', text: 'Admins bilden Gruppen. Ihre stehen dann hier.' },
    table: 'Ihre Gruppen',
    columns: { name: 'Name', description: 'Beschreibung', role: 'Sie sind' },
    member: 'Mitglied',
    manager: 'Verwalter',
    manage: 'Verwalten',
    manageWho: (name) => `Mitglieder von ${name} verwalten`,
    managed: 'Sie verwalten diese Gruppe: Sie können Mitglieder hinzufügen und entfernen.',
    named: `Eine Richtlinie verwendet diese Gruppe. Wer sie verlässt, könnte schwächer geschützt sein. Sie können Mitglieder hinzufügen. Zum Entfernen ist die Berechtigung ${quoted(permissionNames['policy:write'])} nötig.`,
  },
  bulk: { label: 'Gruppe' },
  ofNewUser: { label: 'Gruppen (optional)' },
  pick: {
    filter: 'Gruppen filtern',
    one: 'Gruppe auswählen',
    several: 'Mehrere Namen durch Semikolons trennen.',
  },
}

function membersLeave(count: number): string {
  if (count === 0) return 'Die Gruppe hat keine Mitglieder.'
  return count === 1
    ? '1 Mitglied verliert nur die Mitgliedschaft.'
    : `${count} Mitglieder verlieren nur die Mitgliedschaft.`
}
