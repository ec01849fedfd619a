// Labels, hints and what to type into an empty field.
import type { fields as englishFields, hints as englishHints, missing as englishMissing } from '../english/fields.ts'

export const fields: typeof englishFields = {
  username: 'Benutzername',
  usernameOrEmail: 'Benutzername oder E-Mail',
  password: 'Passwort',
  email: 'E-Mail (freiwillig)',
  fullName: 'Vollständiger Name (freiwillig)',
  code: (lengths) =>
    lengths.length > 1 ? 'Sechs- oder achtstelliger Code' : `${lengths[0] === 8 ? 'Acht' : 'Sechs'}stelliger Code`,
  recoveryCode: 'Wiederherstellungscode',
  setupCode: 'Einrichtungscode',
}

export const hints: typeof englishHints = {
  username: 'Zum Anmelden. Sie können ihn später ändern.',
  passwordAgain: 'Es wird nie aufbewahrt: Geben Sie es noch einmal ein.',
  newPassword: (minimum) => `Mindestens ${minimum} Zeichen. Ein paar Wörter hintereinander eignen sich gut.`,
  code: 'Aus Ihrer Authenticator-App.',
  recoveryCode: 'Jeder Code gilt einmal.',
  codeSendsItself: (length) => `Er wird geprüft, sobald alle ${length === 8 ? 'acht' : 'sechs'} Ziffern da sind.`,
  setupCode: 'Der ganze Link oder nur der Teil nach /setup/.',
}

export const missing: typeof englishMissing = {
  username: 'Geben Sie Ihren Benutzernamen ein.',
  password: 'Geben Sie ein Passwort ein.',
  code: 'Geben Sie den Code ein, den Ihre Authenticator-App zeigt.',
  recovery_code: 'Geben Sie einen Wiederherstellungscode ein.',
  email: 'Geben Sie Ihre E-Mail-Adresse ein.',
  setup_token: 'Geben Sie den Einrichtungscode ein.',
  reason: 'Nennen Sie einen Grund.',
}
