import type { Texts } from '../english.ts'

export const error: Texts['error'] = {
  titles: {
    malformed: 'Das war nicht lesbar',
    invalid: 'Prüfen Sie die markierten Felder',
    unauthenticated: 'Sie sind nicht angemeldet',
    reauthentication: 'Bestätigen Sie, dass Sie es sind',
    forbidden: 'Das ist nicht erlaubt',
    missing: 'Nicht gefunden',
    method: 'Nicht unter dieser Adresse',
    conflict: 'Das geht jetzt nicht',
    stale: 'Inzwischen geändert',
    'too-large': 'Das ist zu viel',
    'media-type': 'Das war nicht lesbar',
    throttled: 'Zu viele Versuche',
    unavailable: 'Im Moment nicht',
    internal: 'Hier ist etwas schiefgegangen',
  },
  formOutdated: 'Dieses Formular ist veraltet',
  internal: 'Das liegt am Server. Es wurde festgehalten; wer den Server betreut, findet es unter der Anfrage-ID.',
  nothingChanged: 'Es wurde nichts geändert.',
  waitOver: 'Sie können es jetzt noch einmal versuchen.',
  home: 'Zur Startseite',
  again: 'Die Seite neu öffnen',
  requestId: 'Wenn Sie um Hilfe bitten, nennen Sie diese Anfrage-ID:',
  reference: 'Wenn Sie um Hilfe bitten, nennen Sie diese Kennung:',
  meaningLead: 'Was dieser Code bedeutet, wenn ein Programm ihn zur Antwort bekommt.',
  told: 'Menschen lesen',
  httpStatus: 'HTTP-Status',
  forPrograms: 'Für Programme',
}

export const wrongAddress: Texts['wrongAddress'] = {
  title: 'Falsche Adresse',
  lead: 'Dieser Server hat eine andere Adresse. Hier würden Passwörter und Links nicht so arbeiten, wie sie sollen.',
  expected: 'Seine Adresse',
  current: 'Sie haben geöffnet',
  go: (url) => `Zu ${url}`,
  setting:
    'Wenn Sie den Server betreuen und die Adresse gelten soll, die Sie geöffnet haben, starten Sie ihn mit dieser Einstellung:',
  behindProxy: 'Vor dem Server steht ein Proxy?',
  proxy:
    'Er muss den Host weitergeben, nach dem der Browser gefragt hat: im Host-Header, oder in X-Forwarded-Host mit dem Proxy in DOORWARD_TRUSTED_PROXIES.',
}
