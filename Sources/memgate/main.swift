import GatewayAssembly

await Memgate.run()
