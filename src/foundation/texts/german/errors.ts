import type { Texts } from '../english.ts'

export const error: Texts['error'] = {
  titles: {
    waiting: 'Wartet auf einen zweiten Admin',
    malformed: 'Das konnten wir nicht lesen',
    invalid: 'Prüfen Sie die markierten Felder',
    unauthenticated: 'Sie sind nicht angemeldet',
    reauthentication: 'Bestätigen Sie, dass Sie es sind',
    forbidden: 'Nicht erlaubt',
    missing: 'Nicht gefunden',
    method: 'Methode nicht erlaubt',
    conflict: 'Das geht jetzt nicht',
    stale: 'Inzwischen geändert',
    'too-large': 'Zu groß',
    'media-type': 'Das konnten wir nicht lesen',
    throttled: 'Zu viele Versuche',
    unavailable: 'Vorübergehend nicht verfügbar',
    internal: 'Etwas ist schiefgegangen',
  },
  formOutdated: 'Dieses Formular ist veraltet',
  internal: 'Das liegt an uns und wurde protokolliert. Wenn es wieder auftritt, bitten Sie Ihren Admin um Hilfe.',
  nothingChanged: 'Es wurde nichts geändert.',
  waitOver: 'Sie können es jetzt noch einmal versuchen.',
  home: 'Zur Startseite',
  list: 'Zur Liste',
  again: 'Seite neu laden',
  requestId: 'Wenn Sie um Hilfe bitten, nennen Sie diese Anfrage-ID:',
  reference: 'Wenn Sie um Hilfe bitten, nennen Sie diese Kennung:',
  meaning: 'Was dieser Code bedeutet',
  code: 'Code',
  httpStatus: 'HTTP-Status',
  forPrograms: 'Für Apps',
}

export const wrongUrl: Texts['wrongUrl'] = {
  title: 'Falsche Adresse',
  lead: 'Dieser Server hat eine andere Adresse. Passkeys und Links funktionieren hier nicht.',
  expected: 'Adresse des Servers',
  current: 'Sie haben geöffnet',
  go: (url) => `Zu ${url}`,
  setting: 'Sind Sie der Admin? Wenn die geöffnete Adresse gelten soll, starten Sie den Server mit:',
  behindProxy: 'Steht vor dem Server ein Proxy?',
  proxy:
    'Er muss den ursprünglichen Host weitergeben: im Host-Header, oder in X-Forwarded-Host mit der Adresse des Proxys in DOORWARD_TRUSTED_PROXIES.',
}
