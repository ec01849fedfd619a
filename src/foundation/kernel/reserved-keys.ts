// Names that no attribute of users can have, nor a claim that an app gets one as. Tested in domain/attributes/attribute.test.ts.

/**
 * The fields of a user, and the names that the specifications of tokens give a meaning: claims (RFC 7519 §4.1, RFC 7800, RFC 8417, RFC 8693,
 * RFC 9396, RFC 9493, RFC 9068; OpenID Connect Core §2 and §5.1, Back-Channel and Front-Channel Logout, FAPI) and what stands beside them in
 * answers about them.
 */
const RESERVED: ReadonlySet<string> = new Set(
  [
    'id subject username email email_verified full_name disabled role status locale time_zone password',
    'created_at invited_at second_factor_at last_sign_in_at password_change_asked expires_at attributes',
    'new delivery invitation invitation_expires_in groups roles permissions policies',
    'iss sub aud exp nbf iat jti azp nonce acr amr auth_time sid name given_name family_name middle_name nickname',
    'preferred_username profile picture website gender birthdate zoneinfo phone_number phone_number_verified',
    'address updated_at scope client_id client_name',
    'at_hash c_hash s_hash events cnf act may_act sub_id authorization_details entitlements',
  ].flatMap((line) => line.split(' ')),
)

/** Whether the key has a meaning of its own, so that no attribute can be given it. */
export function isReservedKey(key: string): boolean {
  return RESERVED.has(key)
}
