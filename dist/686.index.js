export const id=686,ids=[686],modules={25686:(()=>{})};
