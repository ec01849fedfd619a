import type { Texts } from '../english.ts'

export const attributes: Texts['attributes'] = {
  title: 'Attribute',
  lead: 'Weitere Felder des Profils. Für jedes legen Sie fest, wer es sieht und ändert, und ob beim Beitritt danach gefragt wird.',
  none: 'Es gibt noch keine Attribute.',
  table: 'Attribute, in der Reihenfolge, in der Seiten sie zeigen',
  columns: { label: 'Bezeichnung', type: 'Typ', access: 'Wer es sieht und ändert', atJoining: 'Beim Beitritt' },
  actions: 'Aktionen',
  menuFor: (label) => `Aktionen für ${label}`,
  types: {
    text: 'Freier Text',
    number: 'Zahl',
    date: 'Datum',
    'yes-no': 'Ja oder nein',
    choice: 'Einer von mehreren Texten',
  },
  access: {
    admin: 'Nur Admins sehen und ändern es',
    sees: 'Benutzer sehen es, Admins ändern es',
    changes: 'Benutzer sehen und ändern es',
  },
  atJoining: { never: 'Keine Frage', optional: 'Frage, darf leer bleiben', required: 'Frage, Antwort nötig' },
  add: 'Neues Attribut',
  change: 'Ändern',
  up: 'Nach oben',
  down: 'Nach unten',
  remove: 'Löschen',
  changeTitle: (label) => `${label} ändern`,
  form: {
    lead: 'Das Attribut erscheint im Profil jedes Benutzers, zunächst leer.',
    label: 'Bezeichnung',
    labelHint: 'Was neben dem Feld steht. Höchstens 60 Zeichen.',
    key: 'Schlüssel',
    keyHint:
      'So heißt es in der API und in Listen, zum Beispiel cost_center: Kleinbuchstaben, Ziffern und Unterstriche. Er bleibt, wie er ist.',
    type: 'Typ',
    typeHint: 'Er lässt sich ändern, solange noch kein Benutzer einen Wert hat.',
    choices: 'Texte zur Auswahl',
    choicesHint: 'Einer je Zeile, 2 bis 50. Nur für den Typ „Einer von mehreren Texten“.',
    access: 'Wer es sieht und ändert',
    atJoining: 'Beim Beitritt',
    atJoiningHint: 'Beim Annehmen einer Einladung und bei der Registrierung. Nur, wo Benutzer es selbst ändern.',
    create: 'Attribut erstellen',
  },
  delete: {
    title: (label) => `${label} löschen?`,
    values: (users) => {
      if (users === 0) return 'Kein Benutzer hat einen Wert, es geht also sonst nichts verloren.'
      return users === 1
        ? 'Ein Benutzer hat einen Wert. Er wird mit gelöscht und lässt sich nicht wiederherstellen.'
        : `${users} Benutzer haben einen Wert. Ihre Werte werden mit gelöscht und lassen sich nicht wiederherstellen.`
    },
    submit: 'Attribut löschen',
  },
  done: {
    created: 'Attribut erstellt.',
    changed: 'Attribut geändert.',
    moved: 'Reihenfolge geändert.',
    deleted: 'Attribut gelöscht.',
  },
  section: {
    title: 'Weitere Angaben',
    ownLead: 'Wonach dieser Server seine Benutzer außer Name und Adresse fragt.',
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
