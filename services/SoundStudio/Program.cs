using Rewas.Hosting;
using Rewas.SoundStudio;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5105");
builder.AddSoundStudio();

var app = builder.Build();
app.MapRewasDefaults();
app.MapSoundStudio();
return await app.RunServiceAsync();
