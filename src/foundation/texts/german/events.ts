import { HELP_EXEMPTION_EVERY, MAILS_AN_HOUR } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import type { ShownEvent } from '../english/events.ts'
import { overview } from './overview.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'
import { stated, statedDative } from './stated.ts'

/** The name of the group in the sentence, if the event still has it. */
function named({ group }: ShownEvent['details']): string {
  return typeof group === 'string' ? ` „${group}“` : ''
}

/** The name of the app in the sentence, if the event still has it. */
function ofApp({ app }: ShownEvent['details']): string {
  return typeof app === 'string' ? ` „${app}“` : ''
}

function ofHost({ host }: ShownEvent['details']): string {
  return typeof host === 'string' ? ` „${host}“` : ''
}

function ofResource({ resource }: ShownEvent['details']): string {
  return typeof resource === 'string' ? ` „${resource}“` : ''
}

export const events: Texts['events'] = {
  sentences: {
    'sign_in.succeeded': () => 'Angemeldet',
    'sign_in.refused': () => 'Anmeldung abgelehnt',
    'sign_in.second_step_refused': () => 'Zweiter Schritt abgelehnt',
    'access.refused': () => 'Nicht erlaubte Aktion',
    'session.expired': () => 'Sitzung durch Zeit oder eine Richtlinie beendet',
    'session.ended': ({ details }) => (Number(details['sessions'] ?? 1) > 1 ? 'Sitzungen beendet' : 'Sitzung beendet'),
    'session.reauthenticated': () => 'Identität bestätigt',
    'session.reauthentication_refused': () => 'Identität nicht bestätigt',
    'device.remembered': () => 'Gerät gespeichert',
    'device.forgotten': ({ details }) =>
      Number(details['devices'] ?? 1) > 1 ? 'Vertraute Geräte entfernt' : 'Vertrautes Gerät entfernt',
    'device.replayed': () => 'Vertrautes Gerät abgelehnt: Sein Cookie war kopiert oder veraltet',
    'user.created': () => 'Konto angelegt',
    'user.changed': ({ refused }) => (refused ? 'Änderung des Kontos abgelehnt' : 'Konto geändert'),
    'user.attributes_changed': ({ refused }) =>
      refused ? 'Änderung zusätzlicher Angaben abgelehnt' : 'Zusätzliche Angaben geändert',
    'user.renamed': () => 'Benutzername geändert',
    'user.expired': () => 'Konto abgelaufen',
    'user.disabled': ({ refused }) => (refused ? 'Deaktivieren des Kontos abgelehnt' : 'Konto deaktiviert'),
    'user.enabled': ({ refused }) => (refused ? 'Aktivieren des Kontos abgelehnt' : 'Konto aktiviert'),
    'user.deleted': ({ refused }) => (refused ? 'Löschen des Kontos abgelehnt' : 'Konto gelöscht'),
    'user.signed_out': ({ refused }) => (refused ? 'Überall abmelden abgelehnt' : 'Überall abgemeldet'),
    'review.required': () => 'Gemeldet: Das war ich nicht',
    'review.reached': () => 'Anmeldung bis zur Kontoprüfung angehalten',
    'review.completed': ({ refused }) => (refused ? 'Kontoprüfung abgelehnt' : 'Konto geprüft'),
    'review.lifted': ({ refused }) => (refused ? 'Aufheben der Kontoprüfung abgelehnt' : 'Kontoprüfung aufgehoben'),
    'email.confirmation_sent': () => 'Bestätigungslink an E-Mail-Adresse gesendet',
    'email.confirmed': () => 'E-Mail-Adresse bestätigt',
    'email.undone': () => 'Änderung der E-Mail-Adresse rückgängig gemacht',
    'notices.changed': () => 'Sicherheits-E-Mails geändert',
    'password.changed': ({ refused }) => (refused ? 'Passwortänderung abgelehnt' : 'Passwort geändert'),
    'password.set': ({ refused }) => (refused ? 'Neues Passwort abgelehnt' : 'Neues Passwort vergeben'),
    'password.reset': () => 'Passwort über einen Link aus einer E-Mail neu gesetzt',
    'password_reset.requested': ({ refused }) =>
      refused ? 'E-Mail für ein neues Passwort nicht gesendet' : 'Neues Passwort angefordert',
    'password_link.mailed': ({ refused }) =>
      refused ? 'Link zu einem neuen Passwort nicht gesendet' : 'Link zu einem neuen Passwort gesendet',
    'password.change_asked': () => 'Aufgefordert, das Passwort zu ändern',
    'password.dropped': () => 'Passwort entfernt (Schlüssel verloren)',
    'password.upgraded': () => 'Passwort-Hash erneuert',
    'totp.sealed': () => 'Geheimnis einer Authenticator-App verschlüsselt',
    'totp.enrolment_started': ({ refused }) =>
      refused ? 'Einrichten einer Authenticator-App abgelehnt' : 'Einrichten einer Authenticator-App begonnen',
    'totp.confirmed': ({ refused }) =>
      refused ? 'Authenticator-App nicht hinzugefügt' : 'Authenticator-App hinzugefügt',
    'totp.removed': ({ refused }) =>
      refused ? 'Entfernen einer Authenticator-App abgelehnt' : 'Authenticator-App entfernt',
    'totp.renamed': () => 'Authenticator-App umbenannt',
    'totp.reset': ({ refused }) =>
      refused ? 'Zurücksetzen des zweiten Schritts abgelehnt' : 'Zweiter Schritt zurückgesetzt',
    'recovery_codes.made': ({ refused }) =>
      refused ? 'Wiederherstellungscodes nicht erstellt' : 'Wiederherstellungscodes erstellt',
    'passkey.registered': ({ refused }) => (refused ? 'Passkey nicht hinzugefügt' : 'Passkey hinzugefügt'),
    'passkey.renamed': () => 'Passkey umbenannt',
    'passkey.removed': ({ refused }) => (refused ? 'Entfernen eines Passkeys abgelehnt' : 'Passkey entfernt'),
    'api_token.created': ({ refused }) => (refused ? 'API-Token nicht erstellt' : 'API-Token erstellt'),
    'api_token.revoked': () => 'API-Token widerrufen',
    'enrolment_link.issued': () => 'Link zum Einrichten erstellt',
    'invitation.issued': ({ refused }) => (refused ? 'Einladung nicht erstellt' : 'Einladung erstellt'),
    'invitation.reminded': () => 'An die Einladung erinnert',
    'invitation.accepted': ({ refused }) => (refused ? 'Einladung nicht angenommen' : 'Einladung angenommen'),
    'registration.requested': ({ refused }) =>
      refused ? 'E-Mail zur Registrierung nicht gesendet' : 'Registrierung angefragt',
    'registration.submitted': () => 'Registrierung wartet auf Freigabe',
    'registration.completed': ({ refused }) => (refused ? 'Registrierung abgelehnt' : 'Registriert'),
    'registration.approved': ({ refused }) =>
      refused ? 'Registrierung nicht freigegeben' : 'Registrierung freigegeben',
    'registration.declined': () => 'Registrierung durch einen Admin abgelehnt',
    'registration.expired': () => 'Registrierung ohne Entscheidung abgelaufen',
    'setup.link_issued': () => 'Einrichtungslink erstellt',
    'setup.guide_closed': () => `Liste ${quoted(overview.getStarted.title)} geschlossen`,
    'setup.completed': ({ refused }) => (refused ? 'Einrichtung abgelehnt' : 'Server eingerichtet'),
    'policy.created': ({ refused }) => (refused ? 'Richtlinie abgelehnt' : 'Richtlinie angelegt'),
    'policy.version_added': ({ refused }) => (refused ? 'Änderung einer Richtlinie abgelehnt' : 'Richtlinie geändert'),
    'policy.version_cancelled': ({ refused }) =>
      refused ? 'Abbruch einer geplanten Richtlinienänderung abgelehnt' : 'Geplante Richtlinienänderung abgebrochen',
    'policy.exempted': ({ refused }) =>
      refused ? 'Ausnahme von einer Richtlinie abgelehnt' : 'Von einer Richtlinie ausgenommen',
    'policy.unexempted': ({ refused }) =>
      refused ? 'Ende einer Ausnahme abgelehnt' : 'Ausnahme von einer Richtlinie beendet',
    'policy.reminded': () => 'Benutzer an eine Richtlinie erinnert',
    'policy.ended': ({ refused }) =>
      refused ? 'Beenden einer Richtlinie abgelehnt' : 'Ende einer Richtlinie festgelegt',
    'policy.renamed': ({ refused }) => (refused ? 'Umbenennen einer Richtlinie abgelehnt' : 'Richtlinie umbenannt'),
    'policy.deleted': ({ refused }) => (refused ? 'Löschen einer Richtlinie abgelehnt' : 'Richtlinie gelöscht'),
    'approval.requested': () => 'Um Freigabe durch einen zweiten Admin gebeten',
    'approval.carried_out': ({ refused }) => (refused ? 'Freigabe abgelehnt' : 'Freigegebene Änderung angewendet'),
    'approval.declined': ({ refused }) => (refused ? 'Ablehnung nicht angenommen' : 'Anfrage abgelehnt'),
    'approval.withdrawn': ({ refused }) => (refused ? 'Rückzug abgelehnt' : 'Anfrage zurückgezogen'),
    'approval.objected': ({ refused }) => (refused ? 'Widerspruch abgelehnt' : 'Einer Anfrage widersprochen'),
    'approval.lapsed': () => 'Anfrage abgelaufen',
    'approval.bypassed': () => 'Zwei-Personen-Regel auf dem Server umgangen',
    'attribute.declared': ({ refused }) => (refused ? 'Attribut nicht angelegt' : 'Attribut angelegt'),
    'attribute.changed': ({ refused }) => (refused ? 'Ändern eines Attributs abgelehnt' : 'Attribut geändert'),
    'attribute.deleted': ({ refused }) => (refused ? 'Löschen eines Attributs abgelehnt' : 'Attribut gelöscht'),
    'approval.rule_changed': () => 'Zwei-Personen-Regel in der Konfiguration geändert',
    'role.created': ({ refused }) => (refused ? 'Anlegen einer Rolle abgelehnt' : 'Rolle angelegt'),
    'role.changed': ({ refused }) => (refused ? 'Ändern einer Rolle abgelehnt' : 'Rolle geändert'),
    'role.deleted': ({ refused }) => (refused ? 'Löschen einer Rolle abgelehnt' : 'Rolle gelöscht'),
    'role.configured': () => 'Rolle in der Konfiguration geändert',
    'throttle.blocked': () => 'Nach zu vielen Versuchen gesperrt',
    'throttle.unblocked': ({ refused }) => (refused ? 'Entsperren abgelehnt' : 'Entsperrt'),
    'key.forgotten': () => 'Verlorener Schlüssel verworfen',
    'database.upgraded': () => 'Datenbank aus der des Tutorials übernommen',
    'database.rolled_back': () => 'Datenbank auf früherem Stand: alle Benutzer abgemeldet',
    'mail.retried': ({ refused }) => (refused ? 'Erneutes Senden einer E-Mail abgelehnt' : 'E-Mail erneut gesendet'),
    'mail.all_retried': ({ refused }) =>
      refused ? 'Erneutes Senden von E-Mails abgelehnt' : 'E-Mails erneut gesendet',
    'mail.dropped': ({ refused }) => (refused ? 'Verwerfen einer E-Mail abgelehnt' : 'E-Mail verworfen'),
    'mail.revealed': () => 'Link in einer E-Mail gelesen',
    'group.created': ({ refused, details }) => (refused ? 'Gruppe nicht angelegt' : `Gruppe${named(details)} angelegt`),
    'group.changed': ({ refused, details }) => `Gruppe${named(details)} ${refused ? 'nicht geändert' : 'geändert'}`,
    'group.deleted': ({ refused, details }) => `Gruppe${named(details)} ${refused ? 'nicht gelöscht' : 'gelöscht'}`,
    'group.member_added': ({ refused, details }) =>
      `${refused ? 'Nicht in die' : 'In die'} Gruppe${named(details)} aufgenommen`,
    'group.member_removed': ({ refused, details }) =>
      `${refused ? 'Nicht aus der' : 'Aus der'} Gruppe${named(details)} entfernt`,
    'group.manager_added': ({ refused, details }) =>
      `Als Verwalter der Gruppe${named(details)} ${refused ? 'nicht eingesetzt' : 'eingesetzt'}`,
    'group.manager_removed': ({ refused, details }) =>
      `Als Verwalter der Gruppe${named(details)} ${refused ? 'nicht entfernt' : 'entfernt'}`,
    'app.created': ({ refused, details }) => `App${ofApp(details)} ${refused ? 'nicht eingetragen' : 'eingetragen'}`,
    'app.changed': ({ refused, details }) => `App${ofApp(details)} ${refused ? 'nicht geändert' : 'geändert'}`,
    'app.secret_added': ({ refused, details }) =>
      `${refused ? 'Kein neues Geheimnis' : 'Neues Geheimnis'} für App${ofApp(details)} erstellt`,
    'app.secret_ended': ({ refused, details }) =>
      `Geheimnis der App${ofApp(details)} ${refused ? 'nicht beendet' : 'beendet'}`,
    'app.disabled': ({ refused, details }) => `App${ofApp(details)} ${refused ? 'nicht deaktiviert' : 'deaktiviert'}`,
    'app.enabled': ({ refused, details }) => `App${ofApp(details)} ${refused ? 'nicht aktiviert' : 'aktiviert'}`,
    'app.deleted': ({ refused, details }) => `App${ofApp(details)} ${refused ? 'nicht gelöscht' : 'gelöscht'}`,
    'app.signed_in': ({ details }) => `Bei App${ofApp(details)} angemeldet`,
    'app.refused': ({ details }) => `Anmeldung bei App${ofApp(details)} abgelehnt`,
    'app.consent_given': ({ details }) => `App${ofApp(details)} die Anmeldung erlaubt`,
    'app.consent_withdrawn': ({ details }) => `Von App${ofApp(details)} abgemeldet`,
    'app.token_reused': () =>
      'Code oder Refresh-Token einer App wieder verwendet, vielleicht also kopiert. Die Anmeldung bei der App wurde beendet',
    'app.secret_refused': ({ details }) =>
      `Zu viele falsche Geheimnisse der App${ofApp(details)}. Versuche wurden gesperrt`,
    'app.token_revoked': ({ details }) => `Von App${ofApp(details)} abgemeldet, durch die App selbst`,
    'app.access_ended': ({ details }) => `Anmeldung bei App${ofApp(details)} beendet: nicht mehr erlaubt`,
    'app.delivery_failed': ({ details }) => `App${ofApp(details)} vom Ende einer Sitzung nicht benachrichtigt`,
    'app.grants_ended': ({ refused: no, details }) =>
      `Anmeldungen bei App${ofApp(details)} ${no ? 'nicht ' : ''}beendet`,
    'device_code.approved': ({ details }) => `Einem Gerät die Anmeldung bei App${ofApp(details)} erlaubt`,
    'device_code.denied': ({ details }) => `Einem Gerät die Anmeldung bei App${ofApp(details)} nicht erlaubt`,
    'resource.created': ({ refused: no, details }) =>
      `Ressource${ofResource(details)} ${no ? 'nicht ' : ''}eingetragen`,
    'resource.changed': ({ refused, details }) =>
      `Ressource${ofResource(details)} ${refused ? 'nicht geändert' : 'geändert'}`,
    'resource.deleted': ({ refused, details }) =>
      `Ressource${ofResource(details)} ${refused ? 'nicht gelöscht' : 'gelöscht'}`,
    'host.created': ({ refused, details }) => `Host${ofHost(details)} ${refused ? 'nicht geschützt' : 'geschützt'}`,
    'host.changed': ({ refused, details }) =>
      `Geschützter Host${ofHost(details)} ${refused ? 'nicht geändert' : 'geändert'}`,
    'host.deleted': ({ refused, details }) =>
      `Geschützter Host${ofHost(details)} ${refused ? 'nicht entfernt' : 'entfernt'}`,
    'host.entered': ({ details }) => `Bei geschütztem Host${ofHost(details)} angemeldet`,
    'host.refused': ({ details }) => `Anfrage an geschützten Host${ofHost(details)} abgelehnt`,
    'agents.changed': ({ refused }) => (refused ? 'Regeln für Agenten nicht geändert' : 'Regeln für Agenten geändert'),
    'key.rotated': () => 'Signaturschlüssel für Apps gewechselt',
    'audit.exported': () => 'Protokoll exportiert',
  },
  reasons: {
    assurance: 'die App verlangt mehr Schutz, als das Konto hat',
    role: 'die App ist nur für bestimmte Rollen',
    group: 'die App ist nur für bestimmte Gruppen',
    host_unknown: 'der Host ist nicht eingetragen',
    host_not_proxied: 'die Anfrage kam nicht von einem vertrauenswürdigen Proxy',
    host_headers: 'die Header des Proxys sind nicht lesbar',
    host_http: 'der Host wurde ohne https aufgerufen',
    host_malformed: 'diesen Pfad sollte kein Programm lesen',
    host_ambiguous: 'Programme können diesen Pfad verschieden lesen, und die Regeln dafür sind nicht dieselben',
    host_rule: 'die Regel für diesen Pfad schließt den Benutzer aus',
    host_token: 'die Regel für diesen Pfad verlangt eine Authentifizierung, und ein API-Token ist keine',
    host_circle: 'die Sitzung erfüllt die Regel auch nach der Authentifizierung nicht',
    role_or_group: 'die App ist nur für bestimmte Rollen und Gruppen',
    unknown_user: 'unbekannter Benutzername',
    wrong_password: 'das Passwort war falsch',
    wrong: 'das Passwort war falsch',
    wrong_code: 'der Code war falsch',
    used_code: 'der Code war schon verwendet',
    wrong_recovery_code: 'der Wiederherstellungscode war falsch',
    used_recovery_code: 'der Wiederherstellungscode war schon verwendet',
    unverified_email: 'es gibt keine bestätigte E-Mail-Adresse',
    mail_limit: `in dieser Stunde wurden schon ${stated.word(MAILS_AN_HOUR)} E-Mails gesendet`,
    not_verified: 'der Passkey hat die Person nicht geprüft',
    factor_not_allowed: 'die Richtlinien erlauben diesen zweiten Schritt nicht',
    too_weak: 'ein stärkerer Nachweis war nötig',
    unreadable: 'die Antwort des Browsers war nicht lesbar',
    unknown_challenge: 'die Anfrage war unbekannt oder zu alt',
    ended_challenge: 'die Anfrage war abgelaufen oder schon verwendet',
    other_purpose: 'es war für einen anderen Zweck bestimmt',
    other_owner: 'es war für ein anderes Konto bestimmt',
    other_binding: 'es war für eine andere Anmeldung bestimmt',
    other_type: 'es war für einen anderen Zweck bestimmt',
    other_origin: 'es kam von einer anderen Website',
    cross_origin: 'es kam von einer anderen Website',
    other_site: 'es war für eine andere Website bestimmt',
    credential_id: 'es nannte einen anderen Passkey als den verwendeten',
    user_absent: 'am Gerät wurde nicht bestätigt',
    backup_flags: 'es widerspricht sich darin, ob er gesichert ist',
    algorithm_not_offered: 'sein Schlüsseltyp wurde nicht angeboten',
    unfit_key: 'sein Schlüssel ist ungeeignet',
    attestation: 'sein Herkunftsnachweis war falsch',
    unknown_passkey: 'kein Konto hier hat diesen Passkey',
    wrong_user_handle: 'er nannte ein anderes Konto',
    signature: 'seine Signatur war falsch',
    sign_count: 'sein Zähler stieg nicht, er könnte also eine Kopie sein',
    disabled: 'das Konto ist deaktiviert',
    account_expired: 'das Konto ist abgelaufen',
    expired: 'das Konto ist abgelaufen',
    no_second_factor: 'es gibt noch keinen zweiten Schritt',
    second_factor_elsewhere: 'der zweite Schritt dieses Kontos lässt sich bei POST /token nicht verwenden',
    reauthentication_required: 'eine aktuelle Bestätigung fehlte',
    insufficient_permissions: 'eine Berechtigung fehlte',
    second_factor_missing: 'die Rolle braucht einen zweiten Schritt',
    beyond_own: 'Benutzer oder Rolle haben Berechtigungen, die dem Admin fehlen',
    beyond_help: 'der Benutzer hat Berechtigungen',
    both_resets: 'Passwort und zweiter Schritt zusammen brauchen mehr Berechtigungen',
    mail_off: 'dieser Server sendet keine E-Mails',
    shut_out: 'das Konto kann sich nicht anmelden',
    not_mailed: 'die letzte Einladung ging nicht per E-Mail an diese Adresse',
    policy_forbids: 'keine Richtlinie lässt das dem Helpdesk zu',
    exempt_already: 'der Benutzer ist schon ausgenommen',
    exempted_recently: `der Helpdesk hat den Benutzer in den letzten ${statedDative.span(HELP_EXEMPTION_EVERY)} ausgenommen`,
    grant_forbidden: 'die Berechtigung, Rollen zu geben, fehlte',
    fixed: 'die Rolle lässt sich nicht ändern',
    in_use: 'Benutzer haben diese Rolle',
    named_by_policy: 'eine Richtlinie verwendet sie',
    name_taken: 'der Name ist vergeben',
    last_admin: 'dies ist der einzige aktive Admin',
    last_one: 'dies ist der einzige erlaubte zweite Schritt',
    own_account: 'es war das eigene Konto des Admins',
    username_taken: 'der Benutzername ist vergeben',
    email_taken: 'die E-Mail-Adresse ist vergeben',
    too_many: 'die Höchstzahl war erreicht',
    unusable: 'das Konto ist deaktiviert, oder ihm fehlt der zweite Schritt',
    session_required: 'mit einem API-Token geht das nicht',
    insufficient_scope: 'dem API-Token fehlt die Berechtigung',
    already_enrolled: 'das Konto war schon eingerichtet',
    not_joined: 'die Einladung war noch nicht angenommen',
    wrong_stage: 'die Anmeldung war bei einem anderen Schritt',
    finished: 'der Server war schon eingerichtet',
    key_forgotten: 'der Schlüssel zu ihrem Geheimnis ging verloren',
    pepper_forgotten: 'der Schlüssel, der es schützte, ging verloren',
    off: 'Registrierung ist aus',
    backoff: 'zu viele Versuche, deshalb musste der nächste warten',
    ended: 'die Anfrage war beendet',
    exemption_useless: 'sie hätte nichts geändert',
    own_exemption: 'es war das eigene Konto des Admins',
    own_request: 'es war die eigene Anfrage des Admins',
    about_you: 'es ging um das eigene Konto des Admins',
    not_yours: 'es war die Anfrage eines anderen Admins',
    not_due: 'die Wartezeit war noch nicht vorbei',
    lapsed: 'die Anfrage war abgelaufen',
    too_late: 'die Frist war abgelaufen',
    asker_changed: 'Berechtigung, Passwort oder zweiter Schritt des anfragenden Admins hatten sich geändert',
    target_changed: 'das Konto hatte sich geändert',
    policy_changed: 'die Richtlinie hatte sich geändert',
    second_admin_needed: 'ein zweiter Admin ist nötig',
    cancelling_stops: 'ein zweiter Admin hätte zustimmen müssen',
    role_changed: 'die Rolle hatte sich geändert',
    too_many_managers: 'die Gruppe hat schon die Höchstzahl an Verwaltern',
    policy_needed: `eine Richtlinie verwendet die Gruppe oder Rolle, und es fehlt die Berechtigung ${quoted(permissionNames['policy:write'])}`,
    lockout: 'zu viele Versuche, deshalb muss ein Admin entsperren',
  },
  unnamed: 'ein anderer Benutzer',
  by: (name) => `durch ${name}`,
  byOther: 'Durch eine andere Person',
  byStranger: 'von jemandem, der nicht angemeldet war',
  byOperator: 'über die Befehlszeile des Servers',
  onServer: 'Auf dem Server',
}
