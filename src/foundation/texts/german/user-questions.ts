import type { ResetLoss, userQuestions as englishUserQuestions } from '../english/user-questions.ts'

export const counted = (count: number, one: string, many: string): string =>
  `${new Intl.NumberFormat('de').format(count)} ${count === 1 ? one : many}`

function heldInWords({ apps, passkeys, recoveryCodes }: Omit<ResetLoss, 'sessions'>): string {
  const kinds = [
    apps > 0 && counted(apps, 'Authenticator-App', 'Authenticator-Apps'),
    passkeys > 0 && counted(passkeys, 'Passkey', 'Passkeys'),
    recoveryCodes > 0 && counted(recoveryCodes, 'Wiederherstellungscode', 'Wiederherstellungscodes'),
  ].filter((kind) => kind !== false)
  return kinds.length === 0 ? 'Kein zweiter Schritt vorhanden.' : `Entfernt ${new Intl.ListFormat('de').format(kinds)}.`
}

export const userQuestions: typeof englishUserQuestions = {
  reset: {
    title: 'Zweiten Schritt zurücksetzen',
    question: (name) => `Den zweiten Schritt von ${name} zurücksetzen?`,
    questionOfTwo: (name) => `Einen zweiten Admin bitten, den zweiten Schritt von ${name} zurückzusetzen?`,
    removes: (name, { sessions, ...held }) => {
      const out =
        sessions === 0
          ? `${name} ist nirgends angemeldet.`
          : `Beendet sofort ${counted(sessions, 'Sitzung', 'Sitzungen')}.`
      return `${heldInWords(held)} ${out}`
    },
    tokens: (count) => `Widerruft ${counted(count, 'API-Token', 'API-Tokens')}.`,
    check: (name) =>
      `Stellen Sie erst sicher, dass es wirklich ${name} ist. Rufen Sie an. Verlassen Sie sich nicht auf E-Mail.`,
    after:
      'Sie erhalten einen Link zum Verschicken. Er fragt nach dem Passwort, dann wird ein neuer zweiter Schritt eingerichtet. Wenn die Adresse bestätigt ist, kommt er auch per E-Mail.',
    reason: 'Grund',
    reasonHint: 'Steht im Protokoll. Der Benutzer sieht ihn nicht.',
    apiReason: 'Neues Telefon, persönlich gefragt.',
    password: 'Auch das Passwort zurücksetzen',
    passwordHint: 'Sie erhalten einen Link zum Verschicken, über den ein neues gewählt wird.',
    noPassword: 'Es gibt kein Passwort. Ohne ein neues ist keine Anmeldung möglich.',
    submit: 'Zweiten Schritt zurücksetzen',
    cancel: 'Abbrechen',
    done: 'Zweiter Schritt zurückgesetzt',
    linkLead: (name) => `Senden Sie ${name} diesen Link. Er verlangt das Passwort.`,
    mailed: (name) => `Er ging auch per E-Mail an ${name}.`,
    doneLead: (name) => `Auch das Passwort von ${name} wurde zurückgesetzt. Verschicken Sie diesen Link.`,
  },
  disable: {
    title: 'Benutzer deaktivieren',
    question: (name) => `${name} deaktivieren?`,
    questionOfTwo: (name) => `Einen zweiten Admin bitten, ${name} zu deaktivieren?`,
    consequences: {
      out: 'Die Person wird sofort abgemeldet und kann sich nicht anmelden.',
      tokens: 'Ihre API-Tokens werden widerrufen.',
      invitation: 'Die offene Einladung gilt nicht mehr.',
      kept: 'Alles andere bleibt. Sie können das Konto jederzeit wieder aktivieren.',
    },
    submit: 'Benutzer deaktivieren',
    cancel: 'Abbrechen',
  },
  signOut: {
    title: 'Überall abmelden',
    question: (name) => `${name} überall abmelden?`,
    consequences: {
      sessions: (count) =>
        count === 0
          ? 'Die Person ist nirgends angemeldet.'
          : `Beendet sofort ${counted(count, 'Sitzung', 'Sitzungen')}.`,
      tokens: (count) =>
        `Widerruft ${counted(count, 'API-Token', 'API-Tokens')}. Das lässt sich nicht rückgängig machen.`,
      again: 'Kann sich weiterhin anmelden.',
    },
    submit: 'Überall abmelden',
    cancel: 'Abbrechen',
  },
  deletion: {
    title: 'Benutzer löschen',
    question: (name) => `${name} löschen?`,
    questionOfTwo: (name) => `Einen zweiten Admin bitten, ${name} zu löschen?`,
    consequences: [
      'Das Konto wird mit seinen Sitzungen, Passkeys, Authenticator-Apps, Wiederherstellungscodes, API-Tokens und Einladungen gelöscht.',
      'Der Benutzername wird für andere frei.',
      'Was darüber im Protokoll steht, bleibt dort.',
    ],
    forGood: 'Das lässt sich nicht rückgängig machen.',
    instead: 'Nur die Anmeldung verhindern?',
    disable: 'Stattdessen das Konto deaktivieren',
    typed: (username) => `Zur Bestätigung den Benutzernamen eingeben: ${username}`,
    mismatch: 'Das stimmt nicht überein. Geben Sie den oben gezeigten Benutzernamen ein, oder fügen Sie ihn ein.',
    submit: 'Benutzer löschen',
    cancel: 'Abbrechen',
  },
}
