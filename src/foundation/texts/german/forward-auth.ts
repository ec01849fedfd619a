import type { Texts } from '../english.ts'

export const forwardAuth: Texts['forwardAuth'] = {
  refused: {
    host_not_proxied: 'Diese Anfrage kam nicht über einen Proxy, dem dieser Server vertraut.',
    host_headers: 'Dieser Server kann nicht lesen, was der Proxy über die Anfrage sagt.',
    host_unknown: 'Dieser Host ist nicht eingetragen. Sagen Sie Ihrem Admin, welche Adresse Sie öffnen wollten.',
    host_http: 'Öffnen Sie diesen Host mit https.',
    host_malformed: 'Dieser Pfad lässt sich nicht öffnen.',
    host_ambiguous:
      'Dieser Pfad lässt sich verschieden lesen, und dafür gelten verschiedene Regeln. Schreiben Sie ihn in seiner einfachen Form.',
    host_rule: 'Das dürfen Sie nicht öffnen. Fragen Sie Ihren Admin, wenn Sie es brauchen.',
    host_token: 'Das lässt sich nicht mit einem API-Token öffnen. Öffnen Sie es im Browser.',
    host_circle: 'Sie haben sich angemeldet, aber hier wird noch mehr verlangt. Fragen Sie Ihren Admin.',
  },
  signIn: 'Melden Sie sich zuerst an.',
  wrongToken: 'Dieses Token öffnet diesen Host nicht.',
  crossOrigin: 'Diese Anfrage kam von einer anderen Website. Nichts wurde geändert.',
  formLost: {
    title: 'Sie wurden abgemeldet',
    text: 'Ihre Anmeldung endete, bevor dieses Formular gesendet wurde. Nichts wurde also gespeichert. Gehen Sie im Browser zurück, um Ihre Eingaben zu kopieren, oder melden Sie sich an und füllen Sie das Formular noch einmal aus.',
    link: 'Anmelden',
  },
  cookiesBlocked: {
    title: 'Dieser Browser behält hier keine Cookies',
    text: 'Die Anmeldung hat geklappt, aber dieser Browser hat das Cookie dieses Hosts nicht behalten. Erlauben Sie Cookies für diesen Host und versuchen Sie es noch einmal.',
    link: 'Noch einmal versuchen',
  },
  unknown: { title: 'Diesen Host kennen wir nicht' },
  notAllowed: {
    title: (host) => `Sie können ${host} nicht öffnen`,
    text: 'Ihr Konto kann dort nichts öffnen. Wenn Sie es brauchen, fragen Sie einen Admin.',
  },
  unmet: { addThen: 'Richten Sie das zuerst ein, und öffnen Sie danach die Seite noch einmal.' },
}
