// The life of an order, in the types generated from the document. It is compiled, not run.

import createClient from "openapi-fetch";
import type { components, paths } from "./v1";

type Order = components["schemas"]["Order"];
type Return = components["schemas"]["Return"];

const client = createClient<paths>({
  baseUrl: "https://oms.example.com",
  headers: { "X-API-Key": "oms_test_..." },
});

function once() {
  return { header: { "Idempotency-Key": crypto.randomUUID() } };
}

export async function placed(): Promise<Order> {
  const { data, error } = await client.POST("/v1/orders", {
    params: once(),
    body: {
      external_id: "WEB-1001",
      channel: "web",
      payment_method: "cod",
      currency: "VND",
      ship_to: {
        full_name: "Trần Lan",
        phone: "+84900000000",
        line1: "1 Lê Lợi",
        ward: "Bến Nghé",
        province: "Hồ Chí Minh",
        country: "VN",
      },
      lines: [
        { sku: "TEE-RED-M", quantity: 2, unit_price: { amount: "125000", currency: "VND" } },
      ],
    },
  });
  if (error) {
    throw new Error(`${error.code}: ${error.detail}`);
  }
  return data;
}

export async function delivered(order: Order): Promise<void> {
  const { data } = await client.POST("/v1/shipments", {
    params: once(),
    body: { order_id: order.id, carrier_code: "self" },
  });
  for (const status of ["picked_up", "delivered"] as const) {
    await client.POST("/v1/shipments/{shipment_id}/status-updates", {
      params: { ...once(), path: { shipment_id: data!.id } },
      body: { status, occurred_at: new Date().toISOString() },
    });
  }
}

export async function comesBack(order: Order): Promise<Return> {
  const { data, error } = await client.POST("/v1/returns", {
    params: once(),
    body: {
      order_id: order.id,
      units: [{ order_line_id: order.lines[0]!.id, reason: "too small" }],
    },
  });
  if (error) {
    throw new Error(error.code);
  }
  return data;
}

export async function waiting(): Promise<Order[]> {
  const { data } = await client.GET("/v1/orders", {
    params: { query: { status: ["confirmed", "allocated"], limit: 200 } },
  });
  return data?.data ?? [];
}
