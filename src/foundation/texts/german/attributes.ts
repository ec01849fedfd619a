import { LABEL_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { quoted } from './quoted.ts'

const types = {
  text: 'Freier Text',
  number: 'Zahl',
  date: 'Datum',
  'yes-no': 'Ja oder nein',
  choice: 'Auswahl aus einer Liste',
}

export const attributes: Texts['attributes'] = {
  title: 'Attribute',
  lead: 'Eigene Felder für Profile. Für jedes legen Sie fest, wer es sehen und ändern kann und ob es bei der Registrierung abgefragt wird.',
  none: {
    title: 'Noch keine Attribute',
    text: 'Attribute nehmen auf, was in Profilen fehlt, etwa eine Telefonnummer oder eine Kostenstelle.',
  },
  table: 'Attribute in Anzeigereihenfolge',
  columns: {
    label: 'Bezeichnung',
    type: 'Typ',
    access: 'Wer es sehen und ändern kann',
    atJoining: 'Bei der Registrierung',
  },
  actions: 'Aktionen',
  menuFor: (label) => `Aktionen für ${label}`,
  types,
  access: {
    admin: 'Nur Admins sehen und ändern es',
    sees: 'Der Benutzer sieht es, Admins ändern es',
    changes: 'Der Benutzer sieht und ändert es',
  },
  atJoining: { never: 'Nicht abgefragt', optional: 'Freiwillig abgefragt', required: 'Abgefragt, Pflicht' },
  add: 'Neues Attribut',
  change: 'Ändern',
  up: 'Nach oben',
  down: 'Nach unten',
  remove: 'Löschen',
  changeTitle: (label) => `${label} ändern`,
  form: {
    lead: 'Das Attribut kommt in das Profil jedes Benutzers, zunächst ohne Wert.',
    label: 'Bezeichnung',
    labelHint: `Steht beim Feld. Höchstens ${LABEL_MAXIMUM} Zeichen.`,
    key: 'Schlüssel',
    keyHint:
      'Sein Name in der API und in Listen, etwa cost_center. Kleinbuchstaben, Ziffern und Unterstriche. Er lässt sich später nicht ändern.',
    keyReservedHint: (replacement) =>
      `Dieser Schlüssel ist für Claims von Apps reserviert. Geben Sie einen anderen ein, etwa ${replacement}. Programme und Listen verwenden dann den neuen Schlüssel.`,
    type: 'Typ',
    typeHint: 'Er lässt sich ändern, solange noch kein Benutzer einen Wert hat.',
    choices: 'Auswahl',
    choicesHint: `Eine Möglichkeit pro Zeile, 2 bis 50. Nur für den Typ ${quoted(types.choice)}.`,
    access: 'Wer es sehen und ändern kann',
    reveals: (users) =>
      users === 1
        ? 'Wenn Benutzer es sehen, sehen sie auch, was Admins bisher eingetragen haben. 1 Benutzer hat einen Wert.'
        : `Wenn Benutzer es sehen, sehen sie auch, was Admins bisher eingetragen haben. ${users} Benutzer haben einen Wert.`,
    atJoining: 'Bei der Registrierung',
    atJoiningHint:
      'Wenn jemand eine Einladung annimmt oder sich registriert. Nur für Attribute, die Benutzer ändern können.',
    create: 'Attribut anlegen',
  },
  delete: {
    title: (label) => `${label} löschen?`,
    values: (users) => {
      if (users === 0) return 'Kein Benutzer hat einen Wert, es geht also sonst nichts verloren.'
      return users === 1
        ? '1 Benutzer hat einen Wert. Er wird auch gelöscht. Das lässt sich nicht rückgängig machen.'
        : `${users} Benutzer haben einen Wert. Ihre Werte werden auch gelöscht. Das lässt sich nicht rückgängig machen.`
    },
    submit: 'Attribut löschen',
  },
  done: {
    created: 'Attribut angelegt.',
    changed: 'Attribut geändert.',
    moved: 'Reihenfolge geändert.',
    deleted: 'Attribut gelöscht.',
  },
  section: {
    title: 'Zusätzliche Angaben',
    ownLead: 'Weitere Angaben, um die dieser Server bittet.',
    adminLead: 'Die Attribute dieses Servers.',
    adminsChange: 'Das ändern Admins.',
    adminsOnly: 'Das sehen nur Admins.',
    notGiven: 'Keine Angabe',
    optional: (label) => `${label} (optional)`,
    saved: 'Gespeichert',
  },
  yes: 'Ja',
  no: 'Nein',
}
