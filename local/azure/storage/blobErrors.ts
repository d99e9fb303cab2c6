/** What the blob service says no with. */
export class BlobError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const publicAccessNotPermitted = () =>
  new BlobError(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");

export const invalidAuthentication = (tenantId: string) =>
  new BlobError(
    401,
    "InvalidAuthenticationInfo",
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
    {
      "www-authenticate":
        `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize ` +
        "resource_id=https://storage.azure.com",
    },
  );

export const permissionMismatch = () =>
  new BlobError(
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  );

export const authenticationFailed = () =>
  new BlobError(
    403,
    "AuthenticationFailed",
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly " +
      "including the signature.",
  );

export const keysNotPermitted = () =>
  new BlobError(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
  );

export const accountNotFound = () => new BlobError(404, "ResourceNotFound", "The specified resource does not exist.");
export const containerNotFound = () =>
  new BlobError(404, "ContainerNotFound", "The specified container does not exist.");
export const blobNotFound = () => new BlobError(404, "BlobNotFound", "The specified blob does not exist.");
export const invalidRange = () =>
  new BlobError(416, "InvalidRange", "The range specified is invalid for the current size of the resource.");
export const verbNotSupported = () =>
  new BlobError(405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb.");
export const invalidUri = () =>
  new BlobError(400, "InvalidUri", "The requested URI does not represent any resource on the server.");
