import type { Texts } from '../english.ts'

export const words: Texts['words'] = {
  continue: 'Weiter',
  cancel: 'Abbrechen',
  or: 'oder',
  save: 'Speichern',
  checking: 'Wird geprüft …',
  dismiss: 'Meldung schließen',
  first: 'Erste Seite',
  next: 'Weiter',
  previous: 'Zurück',
  pages: 'Seiten',
  showMore: (count) => `${count} weitere zeigen`,
  search: 'Suchen',
  never: 'nie',
  justNow: 'gerade eben',
  inAMoment: 'gleich',
  oneMoment: 'Einen Moment',
  stepOf: (step, all) => `Schritt ${step} von ${all}`,
  problem: 'Es gibt ein Problem',
  notSavedYet: 'Noch nicht gespeichert. Prüfen Sie es und speichern Sie.',
  errorTitle: (title) => `Bitte prüfen: ${title}`,
  faultOf: (label, sentence) => `${label}: ${sentence}`,
  unknownFieldError: 'Prüfen Sie dieses Feld.',
  skip: 'Zum Inhalt springen',
  navigation: 'Hauptnavigation',
  theme: 'Darstellung',
  themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
  showPassword: 'Passwort anzeigen',
  capsLock: 'Feststelltaste an',
  passwordStrength: 'Stärke des Passworts:',
  strengths: { weak: 'Schwach', fair: 'Mäßig', good: 'Gut', strong: 'Stark' },
  copy: 'Kopieren',
  copied: 'Kopiert',
  apiEquivalent: (calls) => (calls === 1 ? 'Als API-Aufruf anzeigen' : 'Als API-Aufrufe anzeigen'),
  sameWithTheApiHint: 'Führen Sie das in einem Terminal aus, mit Ihrem API-Token in TOKEN.',
  sameWithASessionHint:
    'Führen Sie das in einem Terminal aus, mit dem Zugriffstoken einer neuen Anmeldung (POST /token) in SESSION. Mit API-Token geht es nicht.',
}

export const fields: Texts['fields'] = {
  username: 'Benutzername',
  usernameOrEmail: 'Benutzername oder E-Mail',
  password: 'Passwort',
  email: 'E-Mail (optional)',
  fullName: 'Vollständiger Name (optional)',
  code: (lengths) =>
    lengths.length > 1 ? 'Sechs- oder achtstelliger Code' : `${lengths[0] === 8 ? 'Acht' : 'Sechs'}stelliger Code`,
  recoveryCode: 'Wiederherstellungscode',
  setupCode: 'Einrichtungscode',
}

export const hints: Texts['hints'] = {
  username: 'Zum Anmelden. Sie können ihn später ändern.',
  passwordAgain: 'Geben Sie es noch einmal ein. Wir bewahren es nicht auf.',
  newPassword: (minimum) => `Mindestens ${minimum} Zeichen. Ein paar zufällige Wörter eignen sich gut.`,
  code: 'Aus Ihrer Authenticator-App.',
  recoveryCode: 'Er sieht aus wie xxxx-xxxx-xxxx-xxxx und gilt einmal.',
  codeSendsItself: (length) => `Wird abgeschickt, sobald alle ${length === 8 ? 'acht' : 'sechs'} Ziffern da sind.`,
  setupCode: 'Fügen Sie den ganzen Link ein oder den Teil nach /setup/.',
}

export const missing: Texts['missing'] = {
  username: 'Geben Sie Ihren Benutzernamen ein.',
  password: 'Geben Sie ein Passwort ein.',
  code: 'Geben Sie den Code aus Ihrer Authenticator-App ein.',
  recovery_code: 'Geben Sie einen Wiederherstellungscode ein.',
  setup_token: 'Geben Sie den Einrichtungscode ein.',
  reason: 'Nennen Sie einen Grund.',
  icon: 'Wählen Sie eine Datei.',
}
