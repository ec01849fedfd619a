import type { ResetLoss, userQuestions as englishUserQuestions } from '../english/user-questions.ts'

/** A number and its noun. */
export const counted = (count: number, one: string, many: string): string =>
  `${new Intl.NumberFormat('de').format(count)} ${count === 1 ? one : many}`

function heldInWords({ apps, passkeys, recoveryCodes }: Omit<ResetLoss, 'sessions'>): string {
  const kinds = [
    apps > 0 && counted(apps, 'Authenticator-App', 'Authenticator-Apps'),
    passkeys > 0 && counted(passkeys, 'Passkey', 'Passkeys'),
    recoveryCodes > 0 && counted(recoveryCodes, 'Wiederherstellungscode', 'Wiederherstellungscodes'),
  ].filter((kind) => kind !== false)
  return kinds.length === 0 ? 'nichts, denn es gibt keinen zweiten Schritt' : new Intl.ListFormat('de').format(kinds)
}

export const userQuestions: typeof englishUserQuestions = {
  reset: {
    title: 'Zweiten Schritt zurücksetzen',
    question: (name) => `Den zweiten Schritt von ${name} zurücksetzen?`,
    removes: (name, { sessions, ...held }) => {
      const out =
        sessions === 0
          ? `. ${name} ist nirgends angemeldet.`
          : ` und beendet ${counted(sessions, 'Sitzung', 'Sitzungen')} von ${name}.`
      return `Das entfernt ${heldInWords(held)}${out}`
    },
    tokens: (count) =>
      `Auch ${count === 1 ? 'wird' : 'werden'} ${counted(count, 'API-Token', 'API-Tokens')} widerrufen.`,
    invitation: 'Die offene Einladung gilt dann nicht mehr.',
    check: (name) => `Prüfen Sie, ob wirklich ${name} darum bittet: rufen Sie an, schreiben Sie nicht.`,
    after: 'Danach wird bei der nächsten Anmeldung mit dem Passwort ein neuer zweiter Schritt eingerichtet.',
    reason: 'Grund',
    reasonHint: 'Warum Sie dies tun. Er kommt ins Protokoll.',
    apiReason: 'Neues Telefon; persönlich gefragt.',
    password: 'Auch das Passwort zurücksetzen',
    passwordHint: 'Dann erhalten Sie eine Einladung zum Weitergeben, über die ein neues gewählt wird.',
    noPassword: 'Es gibt kein Passwort; ohne dies führt kein Weg mehr hinein.',
    submit: 'Zweiten Schritt zurücksetzen',
    cancel: 'Lassen, wie es ist',
    back: 'Zur Seite der Person',
    done: 'Der zweite Schritt ist zurückgesetzt',
    doneLead: (name) =>
      `Auch das Passwort von ${name} ist vergessen. Geben Sie diese Einladung weiter; sie ist nur jetzt zu sehen.`,
  },
  disable: {
    title: 'Deaktivieren',
    question: (name) => `Das Konto von ${name} deaktivieren?`,
    consequences: {
      out: 'Die Person ist mit der nächsten Anfrage überall abgemeldet und kann sich nicht anmelden.',
      tokens: 'Ihre API-Tokens sind widerrufen.',
      invitation: 'Die offene Einladung gilt nicht mehr.',
      kept: 'Sonst geht nichts verloren, und Sie können das Konto wieder aktivieren.',
    },
    submit: 'Deaktivieren',
    cancel: 'Aktiv lassen',
  },
  signOut: {
    title: 'Überall abmelden',
    question: (name) => `${name} überall abmelden?`,
    consequences: {
      sessions: (count) =>
        count === 0
          ? 'Die Person ist nirgends angemeldet.'
          : `${counted(count, 'Sitzung endet', 'Sitzungen enden')} mit der nächsten Anfrage.`,
      tokens: (count) =>
        `${counted(count, 'API-Token wird', 'API-Tokens werden')} widerrufen und ${count === 1 ? 'lässt' : 'lassen'} sich nicht zurückholen.`,
      again: 'Anmelden bleibt möglich.',
    },
    submit: 'Überall abmelden',
    cancel: 'Angemeldet lassen',
  },
  deletion: {
    title: 'Löschen',
    question: (name) => `Das Konto von ${name} löschen?`,
    consequences: [
      'Das Konto verschwindet mit seinen Sitzungen, Passkeys, Authenticator-Apps, Wiederherstellungscodes, API-Tokens und Einladungen und lässt sich nicht zurückholen.',
      'Jemand anders kann den Benutzernamen nehmen.',
      'Was darüber im Protokoll steht, bleibt dort.',
    ],
    instead: 'Um jemanden eine Zeit lang auszusperren,',
    disable: 'deaktivieren Sie stattdessen das Konto',
    typed: (username) => `Zur Bestätigung den Benutzernamen eingeben: ${username}`,
    mismatch: 'Das ist nicht der Benutzername. Geben Sie ihn ein, wie er oben steht; Einfügen geht auch.',
    submit: 'Dieses Konto löschen',
    cancel: 'Behalten',
  },
}
