"""缺陷场景：每个只犯一个错 / Faulty scenarios, each with exactly one sin: one part of the reference with one hook bent."""
