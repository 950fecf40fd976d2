using Rewas.Gateway;
using Rewas.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5100");
builder.AddRewasGateway();

var app = builder.Build();
app.MapRewasDefaults();
app.MapRewasGateway();
return await app.RunServiceAsync();
