import type { Texts } from '../english.ts'

export const agents: Texts['agents'] = {
  title: 'Agenten',
  lead: 'KI-Agenten und andere Programme, die niemand einträgt. Jeder ist an einem Dokument zu erkennen, das sein Hersteller veröffentlicht.',
  change: 'Ändern',
  allowed: 'Erlaubte Agenten',
  states: { on: 'Ein', off: 'Aus' },
  on: 'Ein Agent, dessen Dokument hier steht, kann Personen anmelden. Jeder Benutzer entscheidet, was der Agent bekommt.',
  off: 'Kein Agent kann Personen anmelden.',
  noDocuments: 'Kein Dokument ist eingetragen.',
  come: 'Verwendete Agenten',
  none: 'Noch hat niemand einen Agenten verwendet.',
  columns: {
    name: 'Name',
    host: 'Host',
    signIns: 'Anmeldungen',
    lastUsed: 'Zuletzt verwendet',
    act: 'Was Sie tun können',
  },
  notAllowed: 'Nicht erlaubt',
  end: 'Beenden',
  endOf: (name) => `Alle Anmeldungen bei ${name} beenden`,
  changeTitle: 'Erlaubte Agenten ändern',
  changeLead: 'Die Anmeldungen eines Agenten enden, sobald er nicht mehr erlaubt ist.',
  question: 'Können Agenten Personen anmelden?',
  choices: {
    off: { label: 'Nein', hint: 'Nur Apps, die Sie eingetragen haben.' },
    on: { label: 'Ja, die eingetragenen', hint: 'Dieser Server ruft die eingetragenen Dokumente aus dem Internet ab.' },
  },
  documents: 'Dokumente',
  rule: (until) =>
    `Was mehr Agenten hereinlässt, wird wirksam, sobald ein anderer Admin zustimmt, spätestens am ${until}. Ausschalten und das Entfernen von Dokumenten gelten sofort.`,
  documentsHint:
    'URLs, eine je Zeile. Statt einer URL geht auch ein Host wie agent.example, aber nur, wenn dort niemand sonst etwas veröffentlichen kann.',
  done: { saved: 'Gespeichert.', ended: 'Anmeldungen beendet.' },
}
