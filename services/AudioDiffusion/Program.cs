using Rewas.AudioDiffusion;
using Rewas.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5103");
builder.AddAudioDiffusion();

var app = builder.Build();
app.MapRewasDefaults();
app.MapAudioDiffusion();
return await app.RunServiceAsync();
