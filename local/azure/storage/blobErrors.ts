import { errorsOf } from "../arm/errors.ts";

/** What the blob service says no with. */
export const blobErrors = {
  ...errorsOf(400, {
    InvalidHeaderValue: () => "The value for one of the HTTP headers is not in the correct format.",
    MissingRequiredHeader: () => "An HTTP header that's mandatory for this request is not specified.",
    InvalidUri: () => "The requested URI does not represent any resource on the server.",
  }),
  ...errorsOf(401, {
    InvalidAuthenticationInfo: (tenantId: string) => ({
      message:
        "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
      headers: {
        "www-authenticate":
          `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize ` +
          "resource_id=https://storage.azure.com",
      },
    }),
  }),
  ...errorsOf(403, {
    AuthorizationFailure: () => "This request is not authorized to perform this operation.",
    AuthorizationPermissionMismatch: () =>
      "This request is not authorized to perform this operation using this permission.",
    AuthenticationFailed: () =>
      "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly " +
      "including the signature.",
    KeyBasedAuthenticationNotPermitted: () => "Key based authentication is not permitted on this storage account.",
  }),
  ...errorsOf(404, {
    ResourceNotFound: () => "The specified resource does not exist.",
    ContainerNotFound: () => "The specified container does not exist.",
    BlobNotFound: () => "The specified blob does not exist.",
  }),
  ...errorsOf(405, { UnsupportedHttpVerb: () => "The resource doesn't support specified Http Verb." }),
  ...errorsOf(409, {
    BlobAlreadyExists: () => "The specified blob already exists.",
    PublicAccessNotPermitted: () => "Public access is not permitted on this storage account.",
  }),
  ...errorsOf(412, {
    ConditionNotMet: () => "The condition specified using HTTP conditional header(s) is not met.",
  }),
  ...errorsOf(413, {
    RequestBodyTooLarge: () => "The request body is too large and exceeds the maximum permissible limit.",
  }),
  ...errorsOf(416, {
    InvalidRange: () => "The range specified is invalid for the current size of the resource.",
  }),
};
