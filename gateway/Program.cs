using Rewas.Gateway;
using Rewas.Hosting;

return await RunService.RunAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddRewasDefaults(defaultListen: "http://127.0.0.1:5100");
    builder.AddRewasGateway();

    var app = builder.Build();
    app.MapRewasDefaults();
    app.MapRewasGateway();
    return app;
});
