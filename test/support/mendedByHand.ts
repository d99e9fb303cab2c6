/** Findings of the network's whose mend no command and no Bicep can be, and why; every other has both. */
export const MENDED_BY_HAND: Readonly<Record<string, string>> = {
  "subnet-delegated": "To take the delegation away would break what it is for: another subnet has to be named.",
  "subnet-without-ipv4": "Which IPv4 addresses are free for the subnet is for the network's owners to say.",
  "subnet-prefix-unknown": "Why no prefix is shown is not known here.",
  "subnet-too-small": "Which addresses are free for a larger subnet is for the network's owners to say.",
  "too-few-free-addresses": "What in the subnet is no longer used is not known here.",
  "network-in-other-region": "A network stays in its region: the recipe has to change.",
  "way-out-undecided": "What a gateway learns is looked at, not changed.",
  "appliance-unreachable": "A peering is made from both sides, one of which may be somebody else's.",
  "egress-appliance-unknown": "The appliance is not one of Azure's that can be read.",
  "security-group-missing": "What is to be there instead is not known here.",
  "route-table-missing": "What is to be there instead is not known here.",
  "nat-gateway-missing": "What is to be there instead is not known here.",
};
