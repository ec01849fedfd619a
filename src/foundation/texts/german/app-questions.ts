import type { Texts } from '../english.ts'

export const appQuestions: Texts['appQuestions'] = {
  newSecret: {
    title: 'Neues Geheimnis erstellen',
    question: (name) => `Ein neues Geheimnis für ${name} erstellen?`,
    consequences: [
      'Sie sehen das neue Geheimnis einmal. Tragen Sie es in der App ein.',
      'Das alte Geheimnis gilt, bis Sie es widerrufen. So funktioniert die App weiter.',
    ],
    submit: 'Geheimnis erstellen',
  },
  shown: {
    registered: (name) => `${name} ist eingetragen`,
    renewed: (name) => `Neues Geheimnis für ${name}`,
    once: 'Kopieren Sie das Geheimnis jetzt. Sie sehen es nicht noch einmal.',
    public: 'Die App braucht kein Geheimnis. Tragen Sie diese Angaben in ihr ein.',
    waiting: (name) => `${name} wartet auf einen zweiten Admin`,
    waitsApp: 'Man kann sich bei der App anmelden, sobald ein anderer Admin die Anfrage freigegeben hat.',
    waitsSecret: 'Das Geheimnis gilt, sobald ein anderer Admin die Anfrage freigegeben hat.',
    next: 'Widerrufen Sie danach das alte Geheimnis auf der Seite der App.',
    openRequest: 'Anfrage öffnen',
    open: 'Seite der App öffnen',
  },
  secretEnd: {
    title: 'Geheimnis widerrufen',
    question: (name) => `Dieses Geheimnis von ${name} widerrufen?`,
    made: (date) => `Erstellt: ${date}.`,
    first: 'Neues Geheimnis erstellen',
    consequences: {
      stops: 'Wenn die App es noch verwendet, kann sich niemand mehr bei ihr anmelden.',
      only: 'Es ist das einzige gültige Geheimnis. Erstellen Sie zuerst ein neues, sonst kann sich niemand mehr bei der App anmelden.',
      final: 'Sie können das nicht rückgängig machen.',
    },
    submit: 'Geheimnis widerrufen',
  },
  disable: {
    title: 'App deaktivieren',
    question: (name) => `${name} deaktivieren?`,
    consequences: {
      out: 'Niemand kann sich mehr von hier aus bei der App anmelden.',
      ends: (count, shown) =>
        count === 1 ? 'Die 1 offene Anmeldung der App endet.' : `Die ${shown} offenen Anmeldungen der App enden.`,
      own: 'Die App lässt Personen vielleicht angemeldet, bis sie sich dort abmelden.',
      resources: (uris) => `Sie prüft die Tokens für ${uris}. Deshalb bekommt dort keine App mehr eines.`,
      kept: 'Alles andere bleibt. Sie können die App jederzeit wieder aktivieren.',
    },
    submit: 'App deaktivieren',
  },
  deletion: {
    title: 'App löschen',
    question: (name) => `${name} löschen?`,
    final: 'Client-ID und Geheimnisse gelten nicht mehr. Sie können das nicht rückgängig machen.',
    instead: 'Soll sich nur für eine Weile niemand anmelden?',
    disable: 'Die App stattdessen deaktivieren',
    submit: 'App löschen',
  },
  endSignIns: {
    title: 'Alle Anmeldungen beenden',
    question: (name) => `Alle Anmeldungen bei ${name} beenden?`,
    consequences: {
      ends: (count, shown) => (count === 1 ? '1 Anmeldung endet sofort.' : `${shown} Anmeldungen enden sofort.`),
      own: 'Die App lässt Personen vielleicht angemeldet, bis sie diesen Server das nächste Mal fragt.',
      again: 'Man kann sich wieder bei der App anmelden.',
    },
    submit: 'Alle Anmeldungen beenden',
  },
  rule: {
    most: (until) =>
      `Wird wirksam, sobald ein anderer Admin zustimmt, spätestens am ${until}. Ein neuer Name und entfernte Redirect-URIs gelten sofort.`,
    secret: (until) => `Das Geheimnis gilt, sobald ein anderer Admin zustimmt, spätestens am ${until}.`,
  },
}
