import { MAILS_AN_HOUR, RESET_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { stated } from './stated.ts'

export const forgotPassword: Texts['forgotPassword'] = {
  title: 'Passwort vergessen?',
  lead: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein. Sie erhalten eine E-Mail mit einem Link, über den Sie ein neues Passwort wählen.',
  submit: 'Link senden',
  off: 'Dieser Server sendet keine E-Mails, deshalb können Sie Ihr Passwort hier nicht zurücksetzen. Bitten Sie einen Admin darum.',
  sent: 'Prüfen Sie Ihr Postfach',
  sentText: `Wenn es das Konto gibt und seine E-Mail-Adresse bestätigt ist, ist eine E-Mail mit einem Link unterwegs. Der Link funktioniert einmal und ist ${stated.span(RESET_LIFETIME)} gültig.`,
  sentMore: `Keine E-Mail? Sehen Sie im Spam-Ordner nach. Ein Konto erhält höchstens ${stated.word(MAILS_AN_HOUR)} E-Mails in der Stunde. Immer noch nichts? Fragen Sie einen Admin.`,
  back: 'Zurück zur Anmeldung',
}

export const passwordReset: Texts['passwordReset'] = {
  title: 'Wählen Sie ein neues Passwort',
  lead: 'Damit werden Sie überall abgemeldet. Wenn Ihr Konto einen zweiten Schritt hat, brauchen Sie ihn als Nächstes.',
  password: 'Neues Passwort',
  keepApiTokens: (count) => (count === 1 ? 'Mein API-Token behalten' : `Meine ${count} API-Tokens behalten`),
  keepApiTokensHint: (count) =>
    count === 1
      ? 'Es wird sonst widerrufen, und Skripte, die es verwenden, funktionieren nicht mehr. Behalten Sie es nur, wenn niemand sonst Ihr altes Passwort kennen kann.'
      : 'Sie werden sonst widerrufen, und Skripte, die sie verwenden, funktionieren nicht mehr. Behalten Sie sie nur, wenn niemand sonst Ihr altes Passwort kennen kann.',
  submit: 'Neues Passwort speichern',
  expired: 'Dieser Link ist abgelaufen',
  expiredText: `Links für ein neues Passwort sind ${stated.span(RESET_LIFETIME)} gültig. Fordern Sie einen neuen an.`,
  used: 'Dieser Link funktioniert nicht mehr',
  usedText:
    'Er wurde schon verwendet, oder Ihr Konto hat sich seitdem geändert. Melden Sie sich an, oder fordern Sie einen neuen an.',
  unknown: 'Dieser Link funktioniert nicht',
  unknownText:
    'Vielleicht hat eine neuere E-Mail ihn ersetzt. Prüfen Sie, ob Sie den ganzen Link kopiert haben, oder fordern Sie einen neuen an.',
  another: 'Neuen Link anfordern',
}

export const enrolmentLink: Texts['enrolmentLink'] = {
  title: 'Neuen zweiten Schritt einrichten',
  lead: 'Ihr zweiter Schritt wurde zurückgesetzt. Geben Sie Ihr Passwort ein, dann richten Sie einen neuen ein.',
  expired: 'Dieser Link ist abgelaufen',
  used: 'Dieser Link wurde schon verwendet',
  unknown: 'Dieser Link funktioniert nicht',
  text: 'Melden Sie sich stattdessen mit Ihrem Passwort an, um einen zweiten Schritt einzurichten, oder bitten Sie einen Admin um Hilfe.',
}

export const lostFactor: Texts['lostFactor'] = {
  title: { any: 'Telefon oder Passkey verloren?', app: 'Telefon verloren?' },
  lead: 'Melden Sie sich zuerst anders an. Danach ersetzen Sie, was Sie verloren haben.',
  last: 'Haben Sie nichts davon, bitten Sie einen Admin, Ihren zweiten Schritt zurückzusetzen.',
  nothing: 'Sie haben keinen anderen zweiten Schritt. Bitten Sie einen Admin, ihn zurückzusetzen.',
  back: 'Zurück zum zweiten Schritt',
}
