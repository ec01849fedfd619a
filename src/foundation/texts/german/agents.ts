import type { Texts } from '../english.ts'

export const agents: Texts['agents'] = {
  title: 'Agenten',
  lead: 'Programme, die ohne Eintrag kommen, zum Beispiel KI-Agenten. Jeder ist an einem Dokument zu erkennen, das sein Hersteller veröffentlicht.',
  change: 'Ändern',
  allowed: 'Wer kommen darf',
  on: 'Agenten sind erlaubt: Wessen Dokument hier steht, darf kommen. Jeder Benutzer entscheidet, was ein Agent sehen darf.',
  off: 'Agenten sind ausgeschaltet: Keiner kann kommen.',
  noDocuments: 'Kein Dokument ist eingetragen.',
  come: 'Wer gekommen ist',
  none: 'Noch ist kein Agent gekommen.',
  columns: {
    name: 'Name',
    host: 'Host',
    signIns: 'Anmeldungen',
    lastUsed: 'Zuletzt benutzt',
    act: 'Was Sie tun können',
  },
  notAllowed: 'Nicht erlaubt',
  end: 'Anmeldungen beenden',
  endOf: (name) => `Alle Anmeldungen bei ${name} beenden`,
  changeTitle: 'Ändern, wer kommen darf',
  changeLead: 'Agenten, die nicht mehr kommen dürfen, verlieren ihre Anmeldungen sofort.',
  question: 'Dürfen Agenten kommen?',
  choices: {
    off: { label: 'Nein', hint: 'Nur Apps, die Sie eingetragen haben.' },
    on: { label: 'Ja, die eingetragenen', hint: 'Dieser Server ruft die eingetragenen Dokumente aus dem Internet ab.' },
  },
  documents: 'Dokumente',
  documentsHint:
    'URLs, eine je Zeile. Statt einer URL geht auch ein Host wie agent.example, aber nur, wenn dort niemand sonst etwas veröffentlichen kann.',
  done: { saved: 'Gespeichert.', ended: 'Anmeldungen beendet.' },
  onApps: { title: 'Agenten', lead: 'Programme, die ohne Eintrag kommen.', open: 'Agenten zeigen' },
}
