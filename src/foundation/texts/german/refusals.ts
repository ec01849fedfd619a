import type { RefusalFacts } from '../../kernel/refusal.ts'
import type { Texts } from '../english.ts'
import { minutes } from '../../kernel/time.ts'
import { spanInWords, waitInWords } from '../spans.ts'

const clockOff = ({ minutesAhead = 0 }: RefusalFacts): string =>
  `Die Uhr Ihrer Authenticator-App geht etwa ${spanInWords('de', minutes(Math.abs(minutesAhead)))} ${minutesAhead > 0 ? 'vor' : 'nach'}. Schalten Sie auf dem Gerät die automatische Zeit ein und versuchen Sie es dann noch einmal.`

export const refusals: Texts['refusals'] = {
  'request.unreadable': () =>
    'Das Formular kam nicht vollständig an. Öffnen Sie die Seite neu und senden Sie es noch einmal.',
  'request.validation_failed': () => 'Prüfen Sie die markierten Felder.',
  'request.too_large': () => 'Das ist mehr, als dieser Server annimmt. Kürzen Sie es und versuchen Sie es noch einmal.',
  'request.unsupported_media_type': () =>
    'Das Formular kam auf eine Weise, die diese Seite nicht liest. Öffnen Sie die Seite neu.',
  'request.method_not_allowed': () =>
    'Unter dieser Adresse lässt sich keine Seite öffnen; hierher werden nur Formulare gesendet. Beginnen Sie auf der Startseite.',
  'request.not_found': () =>
    'Unter dieser Adresse gibt es keine Seite. Prüfen Sie die Adresse oder gehen Sie zur Startseite.',
  'request.form_outdated': () =>
    'Dieses Formular stammt aus einer früheren Sitzung; es wurde nichts geändert. Öffnen Sie seine Seite neu und wiederholen Sie Ihre Änderung.',
  'request.cross_origin': () =>
    'Das kam von einer anderen Website; es wurde nichts geändert. Öffnen Sie die Seite hier und versuchen Sie es noch einmal.',
  'access.not_authenticated': () => 'Melden Sie sich an, um diese Seite zu sehen.',
  'access.invalid_token': () => 'Sie sind abgemeldet. Melden Sie sich neu an.',
  'access.insufficient_permissions': () => 'Ihr Konto darf das nicht. Ein Admin darf es.',
  'access.second_factor_missing': () =>
    'Richten Sie zuerst einen zweiten Schritt ein; die Verwaltung setzt einen voraus.',
  'access.reauthentication_required': () => 'Bestätigen Sie zuerst mit Passwort und Code, dass Sie es sind.',
  'access.session_required': () =>
    'Mit einem API-Token geht das nicht. Melden Sie sich an und bestätigen Sie, dass Sie es sind.',
  'access.insufficient_scope': ({ scope }) =>
    `Dieses API-Token ist dafür nicht gemacht${scope === undefined ? '' : `; ihm fehlt der Umfang ${scope}`}. Erstellen Sie eines, das ihn hat.`,
  'access.stronger_authentication_required': () =>
    'Bestätigen Sie zuerst mit Ihrem Passkey oder einem Wiederherstellungscode, dass Sie es sind.',
  'sign_in.incorrect': () =>
    'Benutzername und Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.',
  'sign_in.enrolment_needed': () =>
    'Das Passwort stimmt, aber dieses Konto hat noch keinen zweiten Schritt. Richten Sie jetzt einen ein.',
  'sign_in.second_factor_elsewhere': () =>
    'Ihr zweiter Schritt lässt sich hier nicht verwenden. Melden Sie sich auf der Anmeldeseite an.',
  'sign_in.disabled': () => 'Dieses Konto ist deaktiviert. Wenden Sie sich an einen Admin.',
  'attempt.ended': () => 'Diese Anmeldung hat zu lange gedauert oder ist schon erledigt. Beginnen Sie neu.',
  'attempt.wrong_stage': () => 'Diese Anmeldung ist bei einem anderen Schritt. Beginnen Sie neu.',
  'attempt.code_wrong': () => 'Dieser Code passt nicht. Warten Sie auf den nächsten und versuchen Sie es noch einmal.',
  'attempt.code_used': () =>
    'Dieser Code wurde gerade schon verwendet. Warten Sie auf den nächsten (höchstens 30 Sekunden).',
  'attempt.clock_drift': clockOff,
  'attempt.recovery_code_wrong': () =>
    'Das ist keiner Ihrer Wiederherstellungscodes. Geben Sie ihn noch einmal ein, oder nehmen Sie einen anderen.',
  'attempt.recovery_code_used': () =>
    'Dieser Wiederherstellungscode wurde schon benutzt; jeder gilt einmal. Nehmen Sie einen anderen.',
  'reauthentication.clock_drift': clockOff,
  'reauthentication.too_weak': () =>
    'Ihr Konto kann mehr: Nehmen Sie Ihren Passkey, oder Ihr Passwort und einen Wiederherstellungscode.',
  'reauthentication.refused': () =>
    'Passwort und Code passen nicht. Prüfen Sie das Passwort, warten Sie auf den nächsten Code und versuchen Sie es noch einmal.',
  'reauthentication.passkey_refused': () =>
    'Das reicht nicht. Vielleicht prüft Ihr Passkey nicht, wer ihn benutzt: Geben Sie auch Ihr Passwort ein und benutzen Sie den Passkey noch einmal.',
  'password.wrong': () => 'Das ist nicht Ihr jetziges Passwort. Versuchen Sie es noch einmal.',
  'totp.code_wrong': () => 'Dieser Code passt nicht. Warten Sie auf den nächsten und versuchen Sie es noch einmal.',
  'totp.code_used': () =>
    'Dieser Code wurde gerade schon verwendet. Warten Sie auf den nächsten (höchstens 30 Sekunden).',
  'totp.not_found': () => 'Diese Authenticator-App gibt es bei diesem Konto nicht.',
  'totp.last_one': () => 'Das ist Ihr einziger zweiter Schritt. Ersetzen Sie ihn, statt ihn zu entfernen.',
  'totp.too_many': () => 'Dieses Konto hat so viele Authenticator-Apps, wie es haben darf. Entfernen Sie zuerst eine.',
  'passkey.refused': () =>
    'Dieser Passkey wurde hier nicht angenommen. Versuchen Sie es noch einmal oder auf einem anderen Weg.',
  'passkey.challenge_ended': () => 'Das hat zu lange gedauert oder wurde schon benutzt. Versuchen Sie es noch einmal.',
  'passkey.already_registered': () =>
    'Dieser Passkey ist schon eingerichtet. Nehmen Sie ein anderes Gerät oder einen anderen Passwortmanager.',
  'passkey.too_many': () => 'Dieses Konto hat so viele Passkeys, wie es haben darf. Entfernen Sie zuerst einen.',
  'passkey.last_one': () => 'Das ist Ihr einziger zweiter Schritt. Fügen Sie zuerst einen anderen hinzu.',
  'passkey.not_found': () => 'Einen solchen Passkey gibt es in diesem Konto nicht.',
  'passkey.not_verified': () =>
    'Dieser Passkey hat nicht geprüft, dass Sie es sind. Melden Sie sich zuerst mit Ihrem Passwort an.',
  'link.unknown': () =>
    'Dieser Link ist hier nicht bekannt. Prüfen Sie, ob er vollständig ist, oder bitten Sie um einen neuen.',
  'link.expired': () => 'Dieser Link ist abgelaufen. Bitten Sie um einen neuen.',
  'link.used': () => 'Dieser Link wurde schon verwendet. Melden Sie sich an.',
  'setup.finished': () => 'Dieser Server ist schon eingerichtet. Melden Sie sich an.',
  'audit_event.not_found': () =>
    'Zu dieser Kennung gibt es kein Ereignis. Prüfen Sie, ob Sie sie vollständig kopiert haben.',
  'user.not_found': () => 'Diesen Benutzer gibt es nicht.',
  'user.username_taken': () => 'Jemand anders hat diesen Benutzernamen. Wählen Sie einen anderen.',
  'user.email_taken': () => 'Jemand anders hat diese E-Mail-Adresse. Nehmen Sie eine andere.',
  'user.last_admin': () => 'Das ist der letzte aktive Admin. Machen Sie zuerst jemand anderen zum Admin.',
  'user.own_account': () =>
    'Beim eigenen Konto geht das hier nicht. Nehmen Sie Ihre Kontoseite oder bitten Sie einen anderen Admin.',
  'user.ambiguous': () =>
    'Das ist die Nummer eines Benutzers und der Benutzername eines anderen. Nennen Sie den gemeinten mit seiner E-Mail-Adresse.',
  'user.disabled': () => 'Dieses Konto ist deaktiviert, eine Einladung würde nichts öffnen. Aktivieren Sie es zuerst.',
  'user.already_enrolled': () =>
    'Dieser Benutzer hat schon ein Passwort und einen zweiten Schritt und braucht keine Einladung. Ist der zweite Schritt verloren, setzen Sie ihn zuerst zurück.',
  'user.stale': () => 'Jemand hat das inzwischen geändert. Öffnen Sie es neu und wiederholen Sie Ihre Änderung.',
  'session.not_found': () => 'Diese Sitzung gibt es nicht; vielleicht ist sie schon beendet.',
  'api_token.not_found': () => 'Dieses API-Token gibt es nicht; vielleicht ist es widerrufen oder abgelaufen.',
  'api_token.too_many': () => 'Dieses Konto hat so viele API-Tokens, wie es haben darf. Widerrufen Sie zuerst eines.',
  'api_token.unusable': () =>
    'Ein API-Token dieses Kontos würde nichts öffnen: Es ist deaktiviert, oder ihm fehlt der zweite Schritt, den es haben muss.',
  'throttle.blocked': ({ retryAfter }) => {
    const wait = waitInWords('de', retryAfter)
    return `Zu viele Versuche. Sie können es ${wait === undefined ? 'später' : `in ${wait}`} noch einmal versuchen.`
  },
  'service.busy': () => 'Der Server ist ausgelastet; es wurde nichts geändert. Versuchen Sie es gleich noch einmal.',
  'service.unavailable': () => 'Der Server kann das gerade nicht. Versuchen Sie es gleich noch einmal.',
}
