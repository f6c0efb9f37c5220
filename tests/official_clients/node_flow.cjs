// An API's address to what `@bandwidth/numbers` saw of it, as one JSON document on stdout.
//
// Arguments: the address with its prefix, account id, user, password, an area code that has numbers
// and one that has none. NODE_PATH leads to the client.
"use strict";

const numbers = require("@bandwidth/numbers");
const about = require("@bandwidth/numbers/package.json");

const ADDRESS = {
  houseNumber: "1600",
  streetName: "Pennsylvania",
  streetSuffix: "Ave",
  city: "Washington",
  stateCode: "DC",
  zip: "20006",
  addressType: "Service",
};
const MOST_LOOKS = 10;

// The client gives one child as itself, several as an array, none as undefined.
const list = (children) => (children === undefined ? [] : [].concat(children));

/** Every status of an order up to its last, and how it read then. */
async function polled(placed, look) {
  const statuses = [placed.orderStatus];
  let found = placed;
  while (statuses.at(-1) === "RECEIVED" && statuses.length < MOST_LOOKS) {
    found = await look();
    statuses.push(found.orderStatus);
  }
  return [statuses, found];
}

/** A sub-account and a location with SMS and an application. */
async function provision(client) {
  const application = await numbers.Application.createMessagingApplicationAsync(client, {
    appName: "inbox",
    inboundCallbackUrl: "https://example.com/sms",
  });
  const site = await numbers.Site.createAsync(client, { name: "production", address: ADDRESS });
  const peer = await site.createSipPeerAsync({ peerName: "support", isDefaultPeer: true });
  const zones = { zone1: true, zone2: false, zone3: false, zone4: false, zone5: false };
  const settings = { tollFree: true, protocol: "HTTP", ...zones };
  const sms = await peer.createSmsSettingsAsync({ sipPeerSmsFeatureSettings: settings, httpSettings: {} });
  await peer.editApplicationAsync({ httpMessagingV2AppId: application.applicationId });
  // listApplication of this version expects the root ApplicationSettings and fails on the documented
  // ApplicationsSettings (numbers.yml), so the raw request call reads it.
  const path = `sites/${site.id}/sippeers/${peer.id}/products/messaging/applicationSettings`;
  const assigned = await client.makeRequestAsync("get", client.concatAccountPath(path));
  const seen = {
    client: `${about.name} ${about.version}`,
    application: application.applicationId,
    applications: (await numbers.Application.listAsync(client)).map((each) => each.appName),
    sites: (await numbers.Site.listAsync(client)).map((each) => [String(each.id), each.name]),
    location: [String(peer.id), peer.peerName, String(peer.isDefaultPeer)],
    protocol: list(sms.sipPeerSmsFeatureSettings.protocol),
    assigned: list(assigned.applicationsSettings.httpMessagingV2AppId),
  };
  return [site, peer, seen];
}

async function ordered(client, siteId, peerId, areaCode) {
  const placed = await numbers.Order.createAsync(client, {
    name: "two numbers",
    customerOrderId: "flow-1",
    siteId,
    peerId,
    partialAllowed: false,
    backOrderRequested: false,
    areaCodeSearchAndOrderType: { areaCode, quantity: 2 },
  });
  return polled(placed, () => numbers.Order.getAsync(client, placed.order.id));
}

async function disconnected(client, number) {
  const placed = await numbers.Disconnect.createAsync(client, "one number less", [number]);
  const look = () => numbers.Disconnect.getAsync(client, placed.orderRequest.id, {});
  return (await polled(placed, look))[0];
}

async function held(client, peer) {
  const account = await numbers.InServiceNumber.listAsync(client, { page: 1, size: 300 });
  return {
    at_location: list(await peer.getTnsAsync()).map((each) => each.fullNumber),
    in_account: list(account.telephoneNumbers.telephoneNumber),
  };
}

/** The code of the error that the client makes of an answer, or its HTTP status where it reads no further. */
const refusal = (promise) => promise.then(() => null, (error) => String(error.code || error.status));

async function run(apiEndPoint, accountId, user, password, areaCode, empty) {
  const client = new numbers.Client(accountId, user, password, "", "", { apiEndPoint });
  const [site, peer, seen] = await provision(client);
  // SipPeer.create of this version writes the SiteId of the path into the document too, where no
  // document has it (numbers.yml); site.createSipPeer does not.
  const second = { siteId: site.id, peerName: "second", isDefaultPeer: false };
  seen.with_site_id = await refusal(numbers.SipPeer.createAsync(client, second));
  const [statuses, order] = await ordered(client, site.id, peer.id, areaCode);
  const delivered = list(order.completedNumbers.telephoneNumber).map((each) => each.fullNumber);
  Object.assign(seen, { order: statuses, delivered, numbers: await held(client, peer) });
  seen.disconnect = await disconnected(client, delivered[0]);
  seen.left = await held(client, peer);
  seen.gone = (await numbers.Tn.getAsync(client, delivered[0])).status;
  seen.without_numbers = await refusal(ordered(client, site.id, peer.id, empty));
  seen.refused = await refusal(ordered(client, "404", peer.id, areaCode));
  return seen;
}

run(...process.argv.slice(2)).then(
  (seen) => process.stdout.write(JSON.stringify(seen)),
  (error) => {
    console.error(error.stack, error.response?.text ?? "");
    process.exitCode = 1;
  },
);
