import type { Failure, Owner } from "./failure.ts";
import { toldShort } from "./toldShort.ts";

interface Advice {
  /** Matched against `<code> <message>`: a code or a part of the text, never a whole sentence of Azure's. */
  match: RegExp;
  why: string;
  mend: string;
  owner: Owner;
}

/** The first that matches is given: particular causes stand before general ones. */
const CATALOGUE: readonly Advice[] = [
  {
    match: /DenyAssignmentAuthorizationFailed|\bdeny assignments?\b/i,
    why: "A deny assignment forbids it. It wins over every role, so that no further grant helps.",
    mend: "Find it by the id in the message, or by az role deny-assignment list, and have the identity that the message names excluded from it.",
    owner: "identity",
  },
  {
    match: /Failed in distributing[\s\S]*(AuthorizationFailed|does not have authorization)/,
    why: "The builder identity could not write the image version: its role was missing, or not effective yet.",
    mend: "Check that the image creation role holds Microsoft.Compute/galleries/images/versions/write, then build again.",
    owner: "identity",
  },
  {
    match: /RoleAssignmentExists/,
    why: "Somebody else has given the builder the same role on the same scope. It would outlive this build.",
    mend: "Remove that standing role assignment; the service grants the role itself for the length of a build.",
    owner: "identity",
  },
  {
    match: /^access-not-effective/,
    why: "Azure had not made the grants effective when the time was over that the settings give it, or a role lacks the action.",
    mend: "Compare the actions of the leased roles with docs/access.md. Where they are right, raise GOLDSMITH_PROPAGATION_MINUTES.",
    owner: "identity",
  },
  {
    match: /LinkedAuthorizationFailed/,
    why: "The service may not hand the builder identity to an image template.",
    mend: "Give the service's identity the identity user role on the builder identity.",
    owner: "identity",
  },
  {
    match: /^(AuthorizationPermissionMismatch|AuthorizationFailure)/,
    why: "The service's identity holds no role that lets it do that with blobs there, or the account's firewall keeps it out.",
    mend: "Give it the role of docs/deploy.md on that container, and let it in through the account's firewall.",
    owner: "operator",
  },
  {
    match: /AuthorizationFailed|not authorized to access the resource|does not have authorization/i,
    why: "A role is missing, or has been granted too recently to be effective.",
    mend: "Give the identity that the message names the action that it names, on the scope that it names.",
    owner: "identity",
  },
  {
    match: /PrivateLinkService Network Policy is not disabled/,
    why: "Image builder puts a private link service into the subnet, which the subnet's network policy forbids.",
    mend: "Set privateLinkServiceNetworkPolicies of the subnet to Disabled.",
    owner: "network",
  },
  {
    match: /context deadline exceeded/,
    why: "The build outlived its timeout, often because a command waited for an answer that nobody gave.",
    mend: "Find the last step in the archived log; make it non-interactive, or raise buildTimeoutInMinutes.",
    owner: "requester",
  },
  {
    match: /Packer build command has failed|PackerBuildFailed/,
    why: "A customizer ended with an error.",
    mend: "Read the end of the archived customization.log and mend the recipe's step that it names.",
    owner: "requester",
  },
  {
    match: /PrincipalNotFound/,
    why: "The builder identity is not known in the directory: it is too fresh, or it was deleted.",
    mend: "Check that the zone's builder in GOLDSMITH_TRUST_ZONES has the object id of the identity as it is today.",
    owner: "identity",
  },
  {
    match: /^(attempt-stuck|template-deleted)/,
    why: "Something else holds or removes the image template.",
    mend: "Find out in the activity log who touched it, and leave templates tagged goldsmith-build alone.",
    owner: "operator",
  },
  {
    match: /^template-name-taken/,
    why: "A template that is not of this build stands under the name that it was going to use. It was left alone.",
    mend: "Give each installation an id and a resource group for templates of its own, then build again.",
    owner: "operator",
  },
  {
    match: /^image-name-taken/,
    why: "A managed image that is not of this build stands under the name that its VHD was going to be imported to. It was left alone.",
    mend: "Give each installation an id and a resource group for templates of its own, then build again.",
    owner: "operator",
  },
  {
    match: /^publishing-failed/,
    why: "The version was approved, and Azure has not made it the latest.",
    mend: "Look at the version in the gallery: set excludeFromLatest to false there, or delete it and build again.",
    owner: "operator",
  },
  {
    match: /^versions-not-told/,
    why: "What is to be approved is not known, so it was not asked for, and is kept out of what latest means.",
    mend: "Look for the version in the gallery by its tag goldsmith-build, delete it, and build again.",
    owner: "operator",
  },
  {
    match: /^import-failed/,
    why: "Azure made no managed image of the VHD.",
    mend: "Check that the blob is a generalized disk of a fixed size, and that osType and hyperVGeneration in the recipe fit it.",
    owner: "requester",
  },
  {
    match: /The source blob|The blob name in URL|Blob name in URL|formatted as VHDs/,
    why: "Azure imports only a VHD that is a page blob, at the top of a container, in the image's region and subscription.",
    mend: "Put the VHD there as a page blob, and correct source.vhd in the recipe.",
    owner: "requester",
  },
  {
    match: /^script-changed/,
    why: "The recipe, or a file beside it, was changed after the build was planned, and what was planned is nowhere any more.",
    mend: "Build again: that plans what is there now.",
    owner: "requester",
  },
  {
    match: /^script-taken/,
    why: "Somebody wrote into the container of scripts, into which only the service may. Nothing is written over there.",
    mend: "Find out who did, look at that blob, and delete it; the next build puts the right one there.",
    owner: "operator",
  },
  {
    match: /^(script-container-gone|ContainerNotFound)/,
    why: "The container of scripts is not there, or not any more.",
    mend: "Make the container that GOLDSMITH_SCRIPT_CONTAINER names again, with the roles of docs/deploy.md on it, then build again.",
    owner: "operator",
  },
  {
    match: /^plan-changed/,
    why: "Somebody changed or removed the build's plan.json in the archive while it was under way, or a new version of the service was deployed or the recipe changed in the moment of planning.",
    mend: "Build again. Where nobody has changed the recipe, find out who writes to the archive: only the service may.",
    owner: "operator",
  },
  {
    match: /^queue-expired/,
    why: "More builds were asked for than the limits let through in that time, or one that has a turn does not end.",
    mend: "Look at what builds now, and cancel what is not needed; then build again. Where it happens often, raise the limit that the message names, or GOLDSMITH_QUEUE_HOURS.",
    owner: "operator",
  },
  {
    match: /^grant-overdue/,
    why: "The service was down for so long that the time was over for which the build could have had access.",
    mend: "Build again.",
    owner: "operator",
  },
  {
    match: /^build-lost/,
    why: "An operator terminated or purged its instance or one that works for it, or the task hub's storage was lost.",
    mend: "Build again. To end a build, cancel it: that cleans up at once and says so.",
    owner: "operator",
  },
  {
    match: /^build-repeated/,
    why: "Somebody restarted the build's durable instance, or started one with its id. A build runs once.",
    mend: "Ask for a new build. The first one's receipt is what it was.",
    owner: "operator",
  },
  {
    match: /^run-overdue/,
    why: "Image builder did not end the build at its own timeout.",
    mend: "Read the archived log. Where the last step was making progress, raise buildTimeoutInMinutes.",
    owner: "requester",
  },
  {
    match: /^run-late/,
    why: "Azure began the run long after it had been asked for it, or hid it for that long.",
    mend: "Build again. The receipt names an image version where the run has made one all the same.",
    owner: "platform",
  },
  {
    match: /^run-template-gone/,
    why: "The template was deleted while the build ran, by hand or by a clean-up job.",
    mend: "Find out in the activity log who deleted it, and leave templates tagged goldsmith-build alone.",
    owner: "operator",
  },
  {
    match: /^(attempts-exhausted|run-never-started)/,
    why: "Requests to image builder got lost more often than the service tries again.",
    mend: "Look at the health of Azure VM Image Builder in the region, then build again.",
    owner: "platform",
  },
  {
    match: /RequestDisallowedByPolicy/,
    why: "An Azure Policy refused what image builder wanted to make.",
    mend: "Exempt the staging resource group, or add the tags that the policy asks for to the recipe.",
    owner: "policy",
  },
  {
    match: /MissingSubscriptionRegistration|not registered/,
    why: "A resource provider is not registered in the subscription.",
    mend: "Register the provider that the message names: az provider register --namespace <name>.",
    owner: "operator",
  },
  {
    match: /QuotaExceeded|quota exceeded/i,
    why: "The subscription's quota does not allow the build VM.",
    mend: "Ask for more quota of the size's family, or name another vmProfile.vmSize.",
    owner: "operator",
  },
  {
    match: /ValidationFailed|Unmarshalling entity encountered error/,
    why: "Image builder does not take the template as the recipe describes it.",
    mend: "Correct the field that the message names.",
    owner: "requester",
  },
  {
    match: /TooManyRequests|Throttled/,
    why: "Azure throttled the service's requests.",
    mend: "Build again later.",
    owner: "operator",
  },
  {
    match: /InternalOperationError|ServerError|ServerTimeout|GatewayTimeout|InternalServerError/,
    why: "Azure reported an error of its own.",
    mend: "Build again; where it stays, open a support request with the ids in the message.",
    owner: "platform",
  },
];

const REPEATED: Omit<Advice, "match"> = {
  why: "The step was repeated and failed each time.",
  mend: "Read the message. Where it names a connection or an error of Azure's own, build again later.",
  owner: "operator",
};

const UNKNOWN: Omit<Advice, "match"> = {
  why: "This service does not know the cause.",
  mend: "Read the message and the archived log; they come from Azure unchanged.",
  owner: "operator",
};

/**
 * Adds to a code and message of Azure's why it happened, what to do, and who can do it. Where Azure says nothing but the
 * code, that is the message: the engine hangs an instance for ever that fails with an empty one.
 */
export function advise(code: string, message: string): Failure {
  const otherwise = code === "step-failed" ? REPEATED : UNKNOWN;
  const { why, mend, owner } = CATALOGUE.find(({ match }) => match.test(`${code} ${message}`)) ?? otherwise;
  return { code, message: toldShort(message) || code, why, mend, owner };
}
