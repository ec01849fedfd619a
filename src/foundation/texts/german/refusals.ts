import type { RefusalFacts } from '#foundation/kernel/refusal.ts'
import {
  HELP_EXEMPTION_EVERY,
  MAIL_KEPT,
  MAILS_AN_HOUR,
  MOST_ATTRIBUTES,
  TIME_TO_ACT,
  TOTP_PERIOD,
} from '#foundation/kernel/stated-limits.ts'
import { minutes } from '#foundation/kernel/time.ts'
import type { Texts } from '../english.ts'
import { spanInWords, waitInWords } from '../spans.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'
import { roundDative, stated, statedDative } from './stated.ts'

const clockOff = ({ minutesAhead = 0 }: RefusalFacts): string =>
  `Die Uhr Ihrer Authenticator-App geht etwa ${spanInWords('de', minutes(Math.abs(minutesAhead)))} ${minutesAhead > 0 ? 'vor' : 'nach'}. Schalten Sie auf dem Gerät die automatische Zeit ein und versuchen Sie es dann noch einmal.`

export const refusals: Texts['refusals'] = {
  'request.unreadable': () =>
    'Wir konnten das Formular nicht lesen. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
  'request.validation_failed': () => 'Prüfen Sie die markierten Felder.',
  'request.too_large': () => 'Das ist mehr, als dieser Server annimmt. Kürzen Sie es und versuchen Sie es noch einmal.',
  'request.unsupported_media_type': () =>
    'Wir konnten das Formular nicht lesen. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
  'request.method_not_allowed': () => 'Diese Adresse lässt sich nicht direkt öffnen. Gehen Sie zur Startseite.',
  'request.not_found': () => 'Hier gibt es keine Seite. Prüfen Sie die Adresse oder gehen Sie zur Startseite.',
  'request.form_outdated': () =>
    'Ihre Sitzung hat sich geändert, deshalb wurde nichts gespeichert. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
  'request.cross_origin': () =>
    'Das kam von einer anderen Website, deshalb wurde nichts geändert. Öffnen Sie die Seite hier und versuchen Sie es noch einmal.',
  'access.not_authenticated': () => 'Melden Sie sich an, um diese Seite zu sehen.',
  'access.invalid_token': () => 'Sie sind abgemeldet. Melden Sie sich neu an.',
  'access.insufficient_permissions': () => 'Dazu fehlt Ihnen die Berechtigung. Fragen Sie einen Admin.',
  'access.second_factor_missing': () => 'Ihre Rolle braucht einen zweiten Schritt. Richten Sie zuerst einen ein.',
  'access.reauthentication_required': () => 'Bestätigen Sie zuerst, dass Sie es sind.',
  'access.session_required': () =>
    'Mit einem API-Token geht das nicht. Melden Sie sich an und bestätigen Sie, dass Sie es sind.',
  'access.insufficient_scope': ({ scope }) =>
    `Diesem API-Token fehlt die Berechtigung${scope === undefined ? '' : ` ${scope}`}. Erstellen Sie eines, das sie hat.`,
  'access.stronger_authentication_required': () =>
    'Bestätigen Sie zuerst mit Ihrem Passkey oder einem Wiederherstellungscode, dass Sie es sind.',
  'sign_in.incorrect': () =>
    'Benutzername und Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.',
  'sign_in.enrolment_needed': () => 'Fast fertig: Richten Sie einen zweiten Schritt ein, um sich anzumelden.',
  'sign_in.second_factor_elsewhere': () =>
    'Ihr zweiter Schritt lässt sich hier nicht verwenden. Melden Sie sich auf der Anmeldeseite an.',
  'sign_in.disabled': () => 'Dieses Konto ist deaktiviert. Wenden Sie sich an einen Admin.',
  'password_reset.off': () =>
    'Dieser Server sendet keine E-Mails. Bitten Sie einen Admin, Ihr Passwort zurückzusetzen.',
  'account.review_required': () =>
    'Sie sind noch nicht angemeldet: Dieses Konto wurde gemeldet. Melden Sie sich auf der Anmeldeseite an und prüfen Sie es zuerst.',
  'account.review_by_admin': () =>
    'Dieses Konto wurde gemeldet, und sein Passwort oder zweiter Schritt ist vielleicht in falschen Händen. Melden Sie sich mit einem zweiten Schritt an, der sich seitdem nicht geändert hat, oder bitten Sie einen Admin, die Kontoprüfung aufzuheben.',
  'account.no_review': () => 'Für dieses Konto steht keine Kontoprüfung aus.',
  'attempt.ended': () => 'Diese Anmeldung hat zu lange gedauert oder ist schon abgeschlossen. Beginnen Sie neu.',
  'attempt.wrong_stage': () => 'Das ist nicht der nächste Schritt. Beginnen Sie neu.',
  'attempt.code_wrong': () => 'Dieser Code passt nicht. Warten Sie auf den nächsten und versuchen Sie es noch einmal.',
  'attempt.code_used': () =>
    `Dieser Code wurde gerade schon verwendet. Warten Sie auf den nächsten (höchstens ${stated.span(TOTP_PERIOD)}).`,
  'attempt.clock_drift': clockOff,
  'attempt.recovery_code_wrong': () =>
    'Dieser Wiederherstellungscode stimmt nicht. Prüfen Sie ihn oder verwenden Sie einen anderen.',
  'attempt.recovery_code_used': () =>
    'Dieser Wiederherstellungscode wurde schon verwendet. Jeder gilt einmal. Verwenden Sie einen anderen.',
  'reauthentication.clock_drift': clockOff,
  'reauthentication.too_weak': () => 'Verwenden Sie Ihren Passkey oder Ihr Passwort und einen Wiederherstellungscode.',
  'reauthentication.refused': () =>
    'Passwort und Code passen nicht. Prüfen Sie das Passwort, warten Sie auf den nächsten Code und versuchen Sie es noch einmal.',
  'reauthentication.passkey_refused': () =>
    'Ihr Passkey hat Sie nicht bestätigt. Geben Sie Ihr Passwort ein und verwenden Sie den Passkey noch einmal.',
  'password.wrong': () => 'Das ist nicht Ihr aktuelles Passwort. Versuchen Sie es noch einmal.',
  'totp.code_wrong': () => 'Dieser Code passt nicht. Warten Sie auf den nächsten und versuchen Sie es noch einmal.',
  'totp.code_used': () =>
    `Dieser Code wurde gerade schon verwendet. Warten Sie auf den nächsten (höchstens ${stated.span(TOTP_PERIOD)}).`,
  'totp.not_found': () => 'Diese Authenticator-App gibt es bei diesem Konto nicht.',
  'totp.last_one': () => 'Ihren einzigen erlaubten zweiten Schritt können Sie nicht entfernen. Ersetzen Sie ihn.',
  'totp.too_many': () => 'Mehr Authenticator-Apps kann Ihr Konto nicht haben. Entfernen Sie zuerst eine.',
  'passkey.refused': () =>
    'Dieser Passkey hat nicht funktioniert. Versuchen Sie es noch einmal oder mit einer anderen Methode.',
  'passkey.challenge_ended': () =>
    'Das hat zu lange gedauert oder wurde schon verwendet. Versuchen Sie es noch einmal.',
  'passkey.already_registered': () =>
    'Dieser Passkey ist schon eingerichtet. Verwenden Sie ein anderes Gerät oder einen anderen Passwort-Manager.',
  'passkey.too_many': () => 'Mehr Passkeys kann Ihr Konto nicht haben. Entfernen Sie zuerst einen.',
  'passkey.last_one': () =>
    'Ihren einzigen erlaubten zweiten Schritt können Sie nicht entfernen. Fügen Sie zuerst einen anderen hinzu.',
  'passkey.not_found': () => 'Einen solchen Passkey gibt es in diesem Konto nicht.',
  'passkey.not_verified': () => 'Dieser Passkey hat Sie nicht bestätigt. Melden Sie sich zuerst mit Ihrem Passwort an.',
  'link.unknown': () =>
    'Dieser Link funktioniert nicht. Prüfen Sie, ob Sie ihn vollständig kopiert haben, oder bitten Sie um einen neuen.',
  'link.expired': () => 'Dieser Link ist abgelaufen. Bitten Sie um einen neuen.',
  'link.replaced': () => 'Wir haben Ihnen einen neueren Link geschickt. Öffnen Sie den in der letzten E-Mail.',
  'link.used': () => 'Dieser Link wurde schon verwendet. Melden Sie sich an.',
  'setup.finished': () => 'Dieser Server ist schon eingerichtet. Melden Sie sich an.',
  'registration.off': () => 'Registrieren kann man sich nur auf Einladung. Bitten Sie einen Admin um eine.',
  'registration.proof_refused': () =>
    'Ihr Browser konnte nicht rechtzeitig geprüft werden. Laden Sie die Seite neu und versuchen Sie es noch einmal. Dafür ist JavaScript nötig.',
  'registration.not_found': () =>
    'Diese Registrierung wartet nicht mehr. Über sie wurde schon entschieden, oder sie ist abgelaufen.',
  'audit_event.not_found': () =>
    'Zu dieser Kennung gibt es kein Ereignis. Prüfen Sie, ob Sie sie vollständig kopiert haben.',
  'user.not_found': () => 'Diesen Benutzer gibt es nicht.',
  'user.username_taken': () => 'Dieser Benutzername ist vergeben. Wählen Sie einen anderen.',
  'user.email_taken': () => 'Diese E-Mail-Adresse ist vergeben. Verwenden Sie eine andere.',
  'email.nothing_to_verify': () =>
    'Es gibt nichts zu bestätigen: Sie haben keine unbestätigte E-Mail-Adresse, oder dieser Server sendet keine E-Mails.',
  'email.sign_in_to_confirm': () =>
    'Melden Sie sich zuerst bei diesem Konto an und bestätigen Sie die E-Mail-Adresse dann.',
  'user.last_admin': () => 'Das ist der einzige aktive Admin. Fügen Sie zuerst einen anderen Admin hinzu.',
  'user.own_account': () =>
    'Beim eigenen Konto geht das hier nicht. Verwenden Sie Ihre Kontoseite oder bitten Sie einen anderen Admin.',
  'user.ambiguous': () => 'Das passt auf mehrere Benutzer. Verwenden Sie die E-Mail-Adresse.',
  'user.expired': () =>
    'Dieses Konto ist abgelaufen. Geben Sie ihm einen späteren letzten Tag, bevor Sie jemanden dazu einladen.',
  'user.disabled': () => 'Dieses Konto ist deaktiviert. Aktivieren Sie es, bevor Sie jemanden dazu einladen.',
  'user.not_joined': () =>
    'Die Einladung ist noch nicht angenommen, also gibt es keinen zweiten Schritt zum Zurücksetzen. Senden Sie stattdessen die Einladung erneut.',
  'user.already_enrolled': () =>
    'Dieser Benutzer hat schon ein Passwort und einen zweiten Schritt und braucht keine Einladung. Wenn der zweite Schritt verloren ist, setzen Sie ihn zuerst zurück.',
  'attribute.not_found': () => 'Dieses Attribut gibt es nicht. Gehen Sie zurück zur Liste.',
  'attribute.key_taken': () => 'Ein anderes Attribut hat diesen Schlüssel. Wählen Sie einen anderen.',
  'attribute.too_many': () =>
    `Es gibt schon ${MOST_ATTRIBUTES} Attribute, mehr sind nicht möglich. Löschen Sie zuerst eines.`,
  'resource.stale': () => 'Jemand hat das inzwischen geändert. Laden Sie neu und versuchen Sie es noch einmal.',
  'session.not_found': () => 'Diese Sitzung gibt es nicht. Vielleicht ist sie schon beendet.',
  'device.not_found': () => 'Dieses vertraute Gerät gibt es nicht. Vielleicht wurde es schon entfernt.',
  'api_token.not_found': () => 'Dieses API-Token gibt es nicht. Vielleicht ist es abgelaufen oder wurde widerrufen.',
  'api_token.too_many': () => 'Mehr API-Tokens kann Ihr Konto nicht haben. Widerrufen Sie zuerst eines.',
  'api_token.unusable': () =>
    'API-Tokens dieses Kontos würden nicht funktionieren: Es ist deaktiviert oder hat keinen zweiten Schritt.',
  'sign_in.factor_not_allowed': () =>
    'Dieser zweite Schritt ist für Ihr Konto nicht mehr erlaubt. Verwenden Sie einen anderen.',
  'factor.not_allowed': () =>
    'Diese Art von zweitem Schritt ist für Ihr Konto nicht erlaubt. Richten Sie eine andere ein.',
  'policy.not_found': () => 'Diese Richtlinie gibt es nicht.',
  'policy.exists': () => 'Für diese Benutzer gibt es schon eine Richtlinie. Ändern Sie diese.',
  'policy.version_not_found': () => 'Diese Version der Richtlinie gibt es nicht.',
  'policy.cancelling_stops': () =>
    `Ohne diese Änderung müsste ein anderer Benutzer mit Berechtigungen innerhalb ${roundDative(TIME_TO_ACT)} etwas einrichten. Ändern Sie stattdessen die Richtlinie: Dann wird ein zweiter Admin gefragt.`,
  'policy.version_in_force': () => 'Diese Version ist schon in Kraft. Ändern Sie stattdessen die Richtlinie.',
  'policy.in_use': () =>
    'Diese Richtlinie war schon in Kraft, deshalb bleibt ihr Verlauf. Beenden Sie sie stattdessen.',
  'policy.exemption_not_found': () => 'Dieser Benutzer ist von der Richtlinie nicht ausgenommen.',
  'policy.exemption_useless': ({ secondFactor }) => {
    if (secondFactor === 'optional')
      return 'Diese Ausnahme würde nichts ändern: Bis sie endet, braucht der Benutzer ohnehin keinen zweiten Schritt.'
    const needed = secondFactor === 'phishing-resistant' ? 'einen Passkey' : 'einen zweiten Schritt'
    return `Diese Ausnahme würde nichts ändern: Der Benutzer bräuchte trotzdem ${needed}.`
  },
  'policy.own_exemption': () => 'Sie können sich nicht selbst ausnehmen. Bitten Sie einen anderen Admin.',
  'policy.ended': () => 'Diese Richtlinie ist nicht in Kraft, und es ist keine Änderung geplant.',
  'role.not_found': () => 'Diese Rolle gibt es nicht. Vielleicht wurde sie gelöscht.',
  'role.name_taken': () => 'Dieser Name ist vergeben.',
  'role.fixed': () =>
    'Diese Rolle lässt sich hier nicht ändern: Sie ist eingebaut oder durch die Konfiguration festgelegt.',
  'role.in_use': ({ users = 0 }) =>
    users === 1
      ? '1 Benutzer hat diese Rolle. Geben Sie ihm zuerst eine andere.'
      : `${users || 'Einige'} Benutzer haben diese Rolle. Geben Sie ihnen zuerst eine andere.`,
  'role.named_by_policy': ({ policies = [] }) =>
    policies.length > 1
      ? `Diese Richtlinien verwenden diese Rolle: ${policies.join(', ')}. Beenden Sie sie zuerst.`
      : `Eine Richtlinie verwendet diese Rolle${policies.map((name) => ` (${name})`).join('')}. Beenden Sie sie zuerst.`,
  'role.named_by_app': ({ apps = [] }) =>
    `Nur bestimmte Rollen dürfen ${apps.join(', ') || 'eine App'} verwenden, und diese gehört dazu. Ändern Sie zuerst, wer sie verwenden darf.`,
  'role.named_by_host': ({ hosts = [] }) =>
    `Eine Regel von ${hosts.join(', ') || 'einem geschützten Host'} nennt diese Rolle. Ändern Sie zuerst die Regel.`,
  'role.beyond_own': () => 'Dazu fehlen Ihnen Berechtigungen. Fragen Sie einen Admin.',
  'role.beyond_help': () => 'Sie können nur Benutzern ohne Berechtigungen helfen. Fragen Sie einen Admin.',
  'help.both_resets': () =>
    'Es gibt keinen zweiten Schritt, oder seit dem Link zu einem neuen Passwort hat sich niemand angemeldet. Beides zurücksetzen kann nur, wer Benutzer verwalten darf.',
  'help.mail_off': () =>
    'Dieser Server sendet keine E-Mails, also auch keinen Link. Jemand, der Benutzer verwalten darf, muss helfen.',
  'help.shut_out': () => 'Dieses Konto ist deaktiviert oder abgelaufen und bekommt keinen Link.',
  'help.unverified_email': () => 'Dieser Benutzer hat keine bestätigte E-Mail-Adresse, an die der Link gehen könnte.',
  'help.mail_limit': ({ retryAfter }) => {
    const wait = waitInWords('de', retryAfter)
    return `Das ist für diesen Benutzer gerade ${stated.word(MAILS_AN_HOUR)}mal geschehen. Es geht ${wait === undefined ? 'später' : `in ${wait}`} wieder.`
  },
  'help.not_mailed': () =>
    'Die letzte Einladung ging nicht per E-Mail an die aktuelle Adresse. Jemand, der Benutzer verwalten darf, muss eine senden.',
  'help.policy_forbids': () => 'Keine Richtlinie lässt zu, dass Sie diesen Benutzer jetzt ausnehmen.',
  'help.exempt_already': () => 'Dieser Benutzer ist von der Richtlinie schon ausgenommen.',
  'help.exempted_recently': () =>
    `Sie können einen Benutzer einmal in ${statedDative.span(HELP_EXEMPTION_EVERY)} ausnehmen. Wer Richtlinien verwalten darf, kann es öfter.`,
  'role.policy_needed': () =>
    `Eine Richtlinie verwendet die Rolle dieses Benutzers. Eine andere Rolle würde die Anmeldung schwächen. Dafür ist die Berechtigung ${quoted(permissionNames['policy:write'])} nötig.`,
  'role.grant_forbidden': () =>
    'Ihnen fehlt die Berechtigung, Rollen zu geben oder zu entziehen. Fragen Sie einen Admin.',
  'policy.version_planned': () =>
    'Es ist schon eine spätere Änderung geplant, die dann nie in Kraft träte. Brechen Sie sie zuerst ab, oder wählen Sie eine Zeit nach ihrem Beginn.',
  'approval.waiting': () =>
    'Noch ist nichts geändert. Ein zweiter Admin muss das freigeben, oder die Wartezeit muss vergehen.',
  'approval.not_found': () => 'Diese Anfrage gibt es nicht.',
  'approval.ended': () => 'Diese Anfrage ist schon beendet.',
  'approval.own_request': () =>
    'Sie haben das angefragt, deshalb muss ein anderer Admin entscheiden. Sie können die Anfrage zurückziehen.',
  'approval.about_you': () =>
    'Diese Anfrage betrifft Ihr eigenes Konto, deshalb muss ein anderer Admin entscheiden. Sie können widersprechen.',
  'approval.not_yours': () =>
    'Nur der Admin, der das angefragt hat, kann es zurückziehen. Sie können die Anfrage ablehnen.',
  'approval.not_due': () => 'Die Wartezeit ist noch nicht vorbei. Ein anderer Admin kann das jetzt freigeben.',
  'approval.lapsed': () =>
    'Das Konto oder der anfragende Admin hat sich geändert, deshalb ist die Anfrage abgelaufen. Fragen Sie noch einmal an, falls nötig.',
  'mail.off': () => 'Dieser Server sendet keine E-Mails. Setzen Sie zuerst mail_host in seiner Konfiguration.',
  'mail.not_found': () => `Diese E-Mail gibt es nicht. E-Mails werden nach ${roundDative(MAIL_KEPT)} gelöscht.`,
  'mail.ended': () => 'Diese E-Mail wurde schon angenommen oder verworfen, oder sie ist abgelaufen.',
  'mail.warns': () =>
    'Diese E-Mail warnt vor einer Änderung an einem Konto. Nur ein Befehl auf dem Server kann sie verwerfen.',
  'group.not_found': () => 'Diese Gruppe gibt es nicht.',
  'group.name_taken': () => 'Eine andere Gruppe heißt schon so. Wählen Sie einen anderen Namen.',
  'group.too_many': () => 'Mehr Gruppen sind nicht möglich. Löschen Sie zuerst eine.',
  'group.too_many_managers': () => 'Mehr Verwalter kann diese Gruppe nicht haben. Entfernen Sie zuerst einen.',
  'group.policy_needed': () =>
    `Eine Richtlinie verwendet diese Gruppe. Wer sie verlässt, könnte schwächer geschützt sein. Dafür ist die Berechtigung ${quoted(permissionNames['policy:write'])} nötig.`,
  'group.second_admin_needed': () =>
    'Dieser Benutzer hat Berechtigungen, und eine Richtlinie für die Gruppe verlangt etwas, das noch nicht eingerichtet ist. Bitten Sie einen Admin, ihn hinzuzufügen: Ein zweiter Admin muss das freigeben.',
  'group.named_by_app': ({ apps = [] }) =>
    `Nur bestimmte Gruppen dürfen ${apps.join(', ') || 'eine App'} verwenden, und diese gehört dazu. Ändern Sie zuerst, wer sie verwenden darf.`,
  'group.named_by_host': ({ hosts = [] }) =>
    `Eine Regel von ${hosts.join(', ') || 'einem geschützten Host'} nennt diese Gruppe. Ändern Sie zuerst die Regel.`,
  'group.named_by_policy': () =>
    'Eine Richtlinie verwendet diese Gruppe. Beenden Sie zuerst die Richtlinie, dann löschen Sie die Gruppe.',
  'app.icon_not_found': () => 'Dieses Symbol gibt es nicht.',
  'app.not_found': () => 'Diese App gibt es nicht. Gehen Sie zurück zur Liste.',
  'app.name_taken': () => 'Eine andere App heißt schon so. Wählen Sie einen anderen Namen.',
  'app.id_taken': () => 'Eine andere App hat schon diese ID. Wählen Sie eine andere.',
  'app.too_many': () => 'Mehr Apps sind nicht möglich. Löschen Sie zuerst eine.',
  'app.no_secret': () => 'Diese App hat kein Geheimnis: Sie meldet Benutzer ohne eines an.',
  'app.too_many_secrets': () => 'Zwei Geheimnisse sind schon gültig. Widerrufen Sie zuerst eines.',
  'app.secret_not_found': () => 'Dieses Geheimnis gibt es nicht. Vielleicht wurde es schon beendet.',
  'host.not_found': () => 'Diesen geschützten Host gibt es nicht. Gehen Sie zurück zur Liste.',
  'host.name_taken': () => 'Dieser Host ist schon geschützt. Ändern Sie stattdessen seine Regeln.',
  'host.too_many': () => 'Mehr geschützte Hosts sind nicht möglich. Entfernen Sie zuerst einen.',
  'resource.not_found': () => 'Diese Ressource gibt es nicht. Gehen Sie zurück zur Liste.',
  'resource.uri_taken': () =>
    'Eine andere Ressource hat schon diese URI. Ändern Sie jene, oder wählen Sie eine andere URI.',
  'resource.too_many': () => 'Mehr Ressourcen sind nicht möglich. Löschen Sie zuerst eine.',
  'throttle.blocked': ({ retryAfter }) => {
    const wait = waitInWords('de', retryAfter)
    return `Zu viele Versuche. Versuchen Sie es ${wait === undefined ? 'später' : `in ${wait}`} noch einmal.`
  },
  'service.busy': () =>
    'Der Server ist ausgelastet, deshalb wurde nichts geändert. Versuchen Sie es gleich noch einmal.',
  'service.unavailable': () => 'Der Server kann das gerade nicht. Versuchen Sie es gleich noch einmal.',
}
