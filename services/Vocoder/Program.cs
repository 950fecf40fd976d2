using Rewas.Hosting;
using Rewas.Vocoder;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5104");
builder.AddVocoder();

var app = builder.Build();
app.MapRewasDefaults();
app.MapVocoder();
return await app.RunServiceAsync();
