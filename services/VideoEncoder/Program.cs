using Rewas.Hosting;
using Rewas.VideoEncoder;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5101");
builder.AddVideoEncoder();

var app = builder.Build();
app.MapRewasDefaults();
app.MapVideoEncoder();
return await app.RunServiceAsync();
