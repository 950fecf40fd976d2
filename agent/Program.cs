using Rewas.Agent;
using Rewas.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5105");
builder.AddSoundAgent();

var app = builder.Build();
app.MapRewasDefaults();
app.MapSoundAgent();
return await app.RunServiceAsync();
