import { resourceOf, OAUTH_SCOPES } from './access-token.ts'

/** Path of the metadata that tell clients where to get a token (RFC 9728). */
export const RESOURCE_METADATA_PATH = '/.well-known/oauth-protected-resource/mcp'

/** Returns the protected resource metadata of /mcp (RFC 9728). */
export const resourceMetadata = (origin: string) => ({
  resource: resourceOf(origin),
  resource_name: 'Margin',
  authorization_servers: [origin],
  scopes_supported: OAUTH_SCOPES,
  bearer_methods_supported: ['header'],
  resource_documentation: `${origin}/docs`,
})

/**
 * Returns the metadata of the authorization server (RFC 8414). Better Auth's own would advertise what is not mounted:
 * OpenID Connect, introspection, DPoP, a key set.
 */
export const serverMetadata = (origin: string) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/api/auth/oauth2/authorize`,
  token_endpoint: `${origin}/api/auth/oauth2/token`,
  registration_endpoint: `${origin}/api/auth/oauth2/register`,
  revocation_endpoint: `${origin}/api/auth/oauth2/revoke`,
  scopes_supported: [...OAUTH_SCOPES, 'offline_access'],
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: GRANT_TYPES,
  token_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
  revocation_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
})

export const GRANT_TYPES = ['authorization_code', 'refresh_token'] as const
export const CLIENT_AUTH_METHODS = ['none', 'client_secret_basic', 'client_secret_post'] as const
