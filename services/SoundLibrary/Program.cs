using Rewas.Hosting;
using Rewas.SoundLibrary;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5108");
builder.AddSoundLibrary();

var app = builder.Build();
app.MapRewasDefaults();
app.MapSoundLibrary();
return await app.RunServiceAsync();
